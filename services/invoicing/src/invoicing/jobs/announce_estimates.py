"""Once after an upgrade: what insurers are estimated to take of open invoices from before is announced (`INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging.jobs import each_set
from chassis.resources import Resources

from invoicing.use_cases.announce_estimates import announce_estimates as announce_some

INVOICES_AT_ONCE = 500


async def announce_estimates(resources: Resources) -> None:
    """Go through all clinics; each set of invoices is one transaction."""
    await each_set(resources.database, "job:announce_estimates", _some)


async def _some(work: Work, listed: Sequence[UUID]) -> bool:
    return await announce_some(work, listed, INVOICES_AT_ONCE)
