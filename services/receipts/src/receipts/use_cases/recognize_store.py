"""See that the store is the one that has the documents: an empty place is new only before the first (`RCP-1`)."""

from __future__ import annotations

from chassis.database import Database
from chassis.database.clinic_directory import clinics_by_part

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import StoreUnmarked
from receipts.persistence import stored_documents


async def recognize_store(database: Database, store: DocumentStore) -> None:
    """See that the store answers and is ours, and mark a new one. Raises StoreUnavailable.

    One without our mark is new where no document of any clinic lies in the store; else a volume is not mounted, or an
    address names another place, and whatever was put there would be lost.
    """
    try:
        await store.check()
    except StoreUnmarked:
        if await _some_in_store(database):
            raise
        await store.mark()


async def _some_in_store(database: Database) -> bool:
    async for clinic_ids in clinics_by_part(database):
        async with database.reading(clinic_ids) as connection:
            if await stored_documents.some_in_store(connection, clinic_ids):
                return True
    return False
