"""Removes documents that were composed for whoever asked, once they had a day to fetch them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from receipts.persistence import composed_documents, people

ACTOR = "job:remove_composed_documents"
EVERY_SECONDS = 900.0
KEPT = timedelta(days=1)
CLINICS_AT_ONCE = 500
DOCUMENTS_AT_ONCE = 1_000


async def remove_composed_documents(resources: Any) -> None:
    """Remove those that nobody asked for within a day, in bounded batches."""
    database = resources.database
    async with database.reading([]) as connection:
        clinic_ids = await people.all_clinic_ids(connection)
    for start in range(0, len(clinic_ids), CLINICS_AT_ONCE):
        some = clinic_ids[start : start + CLINICS_AT_ONCE]
        removed = DOCUMENTS_AT_ONCE
        while removed == DOCUMENTS_AT_ONCE:
            async with database.transaction(some, ACTOR) as work:
                removed = await composed_documents.remove_older(
                    work.connection, work.now - KEPT, most=DOCUMENTS_AT_ONCE
                )
