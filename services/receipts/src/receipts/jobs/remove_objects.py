"""Removes objects of the store that no document has its bytes in: deleted ones, and those of whoever died (`ALL-9`)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part

from chassis import telemetry
from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import StoreUnavailable
from receipts.persistence import object_removals

ACTOR = "job:remove_objects"
EVERY_SECONDS = 600.0
OBJECTS_AT_ONCE = 500
MOST_BATCHES = 100
"""Of a run; what is left is the next one's."""

logger = logging.getLogger(__name__)
_removed = telemetry.meter.create_counter("dental_billing.objects.removed", unit="{object}")


async def remove_objects(resources: Any) -> None:
    """Remove what is due, in bounded batches; as long as the store is away, it stays due."""
    store: DocumentStore = resources.state.store
    if not store.keeps:
        return
    left = MOST_BATCHES
    try:
        await store.tidy()
        async for clinic_ids in clinics_by_part(resources.database):
            left -= await _remove_of(resources.database, store, clinic_ids, left)
    except StoreUnavailable as away:
        logger.warning("objects not removed", extra={"reason": away.why})


async def _remove_of(database: Database, store: DocumentStore, clinic_ids: Sequence[UUID], batches: int) -> int:
    """Remove some clinics' objects in so many batches at most; how many it took."""
    for done in range(batches):
        async with database.transaction(clinic_ids, ACTOR) as work:
            due, unused = await object_removals.due(work.connection, most=OBJECTS_AT_ONCE)
            if unused:
                await store.remove(unused)
            await object_removals.cancel(work.connection, due)
        _removed.add(len(unused))
        if len(due) < OBJECTS_AT_ONCE:
            return done
    return batches
