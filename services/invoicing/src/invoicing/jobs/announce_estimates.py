"""Once after an upgrade: what insurers are estimated to take of open invoices from before is announced (`INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part
from chassis.messaging.jobs import each_clinic
from chassis.resources import Resources

from invoicing.use_cases.announce_estimates import announce_estimates as announce_some

ACTOR = "job:announce_estimates"
CLINICS_AT_ONCE = 200
INVOICES_AT_ONCE = 500


async def announce_estimates(resources: Resources) -> None:
    """Go through all clinics; each set of invoices is one transaction."""
    async for listed in clinics_by_part(resources.database, CLINICS_AT_ONCE):
        await each_clinic(ACTOR, listed, partial(_announce_all, resources.database))


async def _announce_all(database: Database, listed: Sequence[UUID]) -> None:
    while await _announce_some(database, listed):
        continue


async def _announce_some(database: Database, listed: Sequence[UUID]) -> bool:
    async with database.transaction(listed, ACTOR) as work:
        return await announce_some(work, listed, INVOICES_AT_ONCE)
