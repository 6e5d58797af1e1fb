"""Issue drafts that procedures started after their appointment was closed, once they are left alone (`INV-2`)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.database import Database
from chassis.resources import Resources

from invoicing.persistence import clinics, drafts
from invoicing.settings import InvoicingSettings
from invoicing.use_cases.issue_invoices import can_issue_today, issue_invoices

CLINICS_AT_ONCE = 200
DRAFTS_AT_ONCE = 500


async def issue_late_drafts(resources: Resources) -> None:
    """Go through all clinics that issue by themselves; each set of drafts is one transaction."""
    settings = resources.settings
    quiet = timedelta(seconds=settings.late_draft_quiet_seconds if isinstance(settings, InvoicingSettings) else 0)
    after = UUID(int=0)
    while True:
        async with resources.database.reading([]) as connection:
            listed = await clinics.directory(connection, after, CLINICS_AT_ONCE)
        if not listed:
            return
        after = listed[-1]
        while await _issue_some(resources.database, listed, quiet) == DRAFTS_AT_ONCE:
            continue


async def _issue_some(database: Database, listed: list[UUID], quiet: timedelta) -> int:
    async with database.transaction(listed, "job:issue_late_drafts") as work:
        settings = await clinics.find_many(work.connection, listed)
        issuing = sorted(can_issue_today(work, [one for one in settings.values() if one.auto_issue]))
        ids = await drafts.late(work.connection, issuing, work.now - quiet, DRAFTS_AT_ONCE) if issuing else []
        return len(await issue_invoices(work, ids))
