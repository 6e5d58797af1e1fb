"""Every day: words of transactions that no clinic has to keep any longer are emptied (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part
from chassis.messaging.jobs import each_clinic
from chassis.resources import Resources

from payments.persistence import expired_words

ACTOR = "job:empty_expired_words"
EVERY_SECONDS = 86_400.0
ROWS_AT_ONCE = 500
MOST_BATCHES = 100
"""Of so many clinics in a run; what is left is the next one's."""


async def empty_expired_words(resources: Resources) -> None:
    """Go through all clinics, in bounded batches."""
    async for some in clinics_by_part(resources.database):
        await each_clinic(ACTOR, some, partial(_empty_of, resources.database))


async def _empty_of(database: Database, clinic_ids: Sequence[UUID]) -> None:
    for _ in range(MOST_BATCHES):
        async with database.transaction(clinic_ids, ACTOR) as work:
            if not await expired_words.empty_expired(work.connection, clinic_ids, most=ROWS_AT_ONCE):
                return
