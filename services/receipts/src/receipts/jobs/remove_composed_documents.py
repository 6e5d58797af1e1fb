"""Removes documents composed for whoever asked, once they had a day to fetch them, and what was said of templates."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chassis.database.clinic_directory import clinics_by_part

from receipts.persistence import composed_documents, own_templates

ACTOR = "job:remove_composed_documents"
EVERY_SECONDS = 900.0
KEPT = timedelta(days=1)
FAILURES_KEPT = timedelta(days=90)
DOCUMENTS_AT_ONCE = 1_000


async def remove_composed_documents(resources: Any) -> None:
    """Remove those that nobody asked for within a day, in bounded batches."""
    async for clinic_ids in clinics_by_part(resources.database):
        removed = DOCUMENTS_AT_ONCE
        while removed == DOCUMENTS_AT_ONCE:
            async with resources.database.transaction(clinic_ids, ACTOR) as work:
                removed = await composed_documents.remove_older(
                    work.connection, work.now - KEPT, most=DOCUMENTS_AT_ONCE
                )
                await own_templates.remove_failures(work.connection, work.now - FAILURES_KEPT, most=DOCUMENTS_AT_ONCE)
