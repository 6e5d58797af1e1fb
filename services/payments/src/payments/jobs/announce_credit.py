"""Once after an upgrade: what patients hold as credit of payments from before is announced (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part
from chassis.messaging.jobs import each_clinic
from chassis.resources import Resources

from payments.use_cases.announce_credit import announce_credit as announce_some

ACTOR = "job:announce_credit"
CLINICS_AT_ONCE = 200
PATIENTS_AT_ONCE = 100
"""Whose credit is locked for one transaction."""


async def announce_credit(resources: Resources) -> None:
    """Go through all clinics; each set of patients is one transaction."""
    async for listed in clinics_by_part(resources.database, CLINICS_AT_ONCE):
        await each_clinic(ACTOR, listed, partial(_announce_all, resources.database))


async def _announce_all(database: Database, listed: Sequence[UUID]) -> None:
    while await _announce_some(database, listed):
        continue


async def _announce_some(database: Database, listed: Sequence[UUID]) -> bool:
    async with database.transaction(listed, ACTOR) as work:
        return await announce_some(work, listed, PATIENTS_AT_ONCE)
