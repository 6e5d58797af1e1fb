"""Put a document's bytes into the object store, before there is a row that says they are there (`RCP-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Database

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.stored_document import ObjectKey, StoredDocument
from receipts.persistence import object_removals


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepObject:
    """A document of a clinic, and who keeps it."""

    clinic_id: UUID
    document: StoredDocument
    subject: str


async def keep_object(database: Database, store: DocumentStore, command: KeepObject) -> None:
    """Keep the bytes; if their row never comes, they are removed after a day. Whoever writes the row takes that back.

    Raises StoreUnavailable, DocumentDamaged.
    """
    key = ObjectKey(command.clinic_id, command.document.sha256)
    async with database.transaction([command.clinic_id], command.subject) as work:
        await object_removals.plan(work.connection, [key])
    await store.keep(key, command.document.pdf)
