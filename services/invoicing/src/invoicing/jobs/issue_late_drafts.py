"""Issue drafts that procedures started after their appointment was closed, once they are left alone (`INV-2`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part
from chassis.messaging.halving import in_halves
from chassis.messaging.jobs import count_failed
from chassis.resources import Resources

from invoicing.persistence import clinics, drafts
from invoicing.settings import InvoicingSettings
from invoicing.use_cases.issue_invoices import can_issue_today, issue_invoices

ACTOR = "job:issue_late_drafts"
CLINICS_AT_ONCE = 200
DRAFTS_AT_ONCE = 500

log = structlog.get_logger(__name__)


async def issue_late_drafts(resources: Resources) -> None:
    """Go through all clinics that issue by themselves; each set of drafts is one transaction.

    What a rule keeps a draft is passed, and looked at again the next time; it holds up nobody's else.
    """
    settings = resources.settings
    quiet = timedelta(seconds=settings.late_draft_quiet_seconds if isinstance(settings, InvoicingSettings) else 0)
    async for listed in clinics_by_part(resources.database, CLINICS_AT_ONCE):
        await _issue_all(resources.database, listed, quiet)


async def _issue_all(database: Database, listed: Sequence[UUID], quiet: timedelta) -> None:
    after = UUID(int=0)
    while ids := await _next(database, listed, quiet, after):
        await _issue(database, listed, ids)
        after = ids[-1]


async def _next(database: Database, listed: Sequence[UUID], quiet: timedelta, after: UUID) -> list[UUID]:
    async with database.transaction(listed, ACTOR) as work:
        settings = await clinics.find_many(work.connection, listed)
        issuing = sorted(can_issue_today(work, [setting for setting in settings.values() if setting.auto_issue]))
        return await drafts.late(work.connection, issuing, work.now - quiet, after, DRAFTS_AT_ONCE) if issuing else []


async def _issue(database: Database, listed: Sequence[UUID], ids: Sequence[UUID]) -> None:
    """Issue drafts together; one by which that fails is left, named and counted."""

    async def together(some: Sequence[UUID]) -> None:
        async with database.transaction(listed, ACTOR) as work:
            await issue_invoices(work, some)

    await in_halves(ids, together, _not_issued)


def _not_issued(invoice_id: UUID, reason: str) -> None:
    log.error("late_draft_not_issued", invoice_id=str(invoice_id), error=reason)
    count_failed(ACTOR)
