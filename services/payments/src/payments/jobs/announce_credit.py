"""Once after an upgrade: what patients hold as credit of payments from before is announced (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging.jobs import each_set
from chassis.resources import Resources

from payments.use_cases.announce_credit import announce_credit as announce_some

PATIENTS_AT_ONCE = 100
"""Whose credit is locked for one transaction."""


async def announce_credit(resources: Resources) -> None:
    """Go through all clinics; each set of patients is one transaction."""
    await each_set(resources.database, "job:announce_credit", _some)


async def _some(work: Work, listed: Sequence[UUID]) -> bool:
    return await announce_some(work, listed, PATIENTS_AT_ONCE)
