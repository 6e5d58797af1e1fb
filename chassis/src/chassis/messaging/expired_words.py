"""Every day: what somebody wrote of money that no clinic has to keep any longer is emptied (`ALL-9`).

What that is, and by which day, says a function of the service's database, `empty_expired_words(clinics, most)`: it
goes by the database's clock, for the clinics of its transaction, empties so many rows of each kind at most, and returns
how many in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text

from chassis.database.clinic_directory import clinics_by_part
from chassis.database.transaction import Database
from chassis.messaging.jobs import Job, each_clinic

ACTOR = "job:empty_expired_words"
ROWS_AT_ONCE = 500
MOST_BATCHES = 100
"""Of so many clinics in a run; what is left is the next one's."""

_EMPTY = text("SELECT empty_expired_words(CAST(:clinics AS uuid[]), CAST(:most AS integer))")


async def empty_expired_words(resources: Any) -> None:
    """Go through all clinics, in bounded batches. Amounts, days, kinds, codes and whose they are stay."""
    async for some in clinics_by_part(resources.database):
        await each_clinic(ACTOR, some, partial(_empty_of, resources.database))


async def _empty_of(database: Database, clinic_ids: Sequence[UUID]) -> None:
    asked = {"clinics": list(clinic_ids), "most": ROWS_AT_ONCE}
    for _ in range(MOST_BATCHES):
        async with database.transaction(clinic_ids, ACTOR) as work:
            if not await work.connection.scalar(_EMPTY, asked):
                return


EMPTY_EXPIRED_WORDS = Job(name="empty_expired_words", every_seconds=86_400.0, run=empty_expired_words)
