"""Apply insurers' decisions that came before their invoice was issued, once it is (`INS-8`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part
from chassis.messaging.jobs import each_clinic
from chassis.resources import Resources

from invoicing.persistence import parked_adjudications
from invoicing.use_cases.apply_adjudications import apply_adjudications

ACTOR = "job:apply_awaited_decisions"
CLINICS_AT_ONCE = 200
DECISIONS_AT_ONCE = 200


async def apply_awaited_adjudications(resources: Resources) -> None:
    """Go through all clinics; each set of decisions is one transaction.

    What is not accepted after all stays set aside, with the reason of now, and is not found here again.
    """
    async for listed in clinics_by_part(resources.database, CLINICS_AT_ONCE):
        await each_clinic(ACTOR, listed, partial(_apply_all, resources.database))


async def _apply_all(database: Database, listed: Sequence[UUID]) -> None:
    while await _apply_some(database, listed) == DECISIONS_AT_ONCE:
        continue


async def _apply_some(database: Database, listed: Sequence[UUID]) -> int:
    async with database.transaction(listed, ACTOR) as work:
        rows = await parked_adjudications.whose_invoice_came(work.connection, listed, DECISIONS_AT_ONCE)
        if rows:
            await apply_adjudications(work, [parked_adjudications.stated_of(row) for row in rows])
        return len(rows)
