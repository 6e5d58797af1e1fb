"""Deletes documents whose retention has ended: their bytes and what they said (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.database.clinic_directory import clinics_by_part

from chassis import telemetry
from receipts.persistence import deleted_documents, people

ACTOR = "job:delete_expired_documents"
EVERY_SECONDS = 3_600.0
DOCUMENTS_AT_ONCE = 500
MOST_BATCHES = 100
"""Of a run; what is left is the next one's."""

_deleted = telemetry.meter.create_counter("dental_billing.documents.deleted", unit="{document}")


async def delete_expired_documents(resources: Any) -> None:
    """Delete what no clinic has to keep any longer, in bounded batches."""
    left = MOST_BATCHES
    async for clinic_ids in clinics_by_part(resources.database):
        left -= await _delete_of(resources, clinic_ids, left)


async def _delete_of(resources: Any, clinic_ids: Sequence[UUID], batches: int) -> int:
    """Delete some clinics' documents in so many batches at most; how many it took."""
    for done in range(batches):
        async with resources.database.transaction(clinic_ids, ACTOR) as work:
            retentions = await people.retentions_of(work.connection, clinic_ids)
            kept_from = {clinic_id: one.kept_from(work.now) for clinic_id, one in retentions.items()}
            deleted = await deleted_documents.delete_expired(work.connection, kept_from, most=DOCUMENTS_AT_ONCE)
        for kind, documents in deleted.items():
            _deleted.add(documents, {"kind": kind})
        if sum(deleted.values()) < DOCUMENTS_AT_ONCE:
            return done
    return batches
