"""Serve several receipts at once: all of them, or none, and each that is missing is named (`RCP-5`, `PAY-7`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Database

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import DocumentsDeleted, ReceiptsNotReady, ReceiptsSetAside
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import deleted_documents, render_tasks, stored_documents
from receipts.use_cases.find_document import Waiting
from receipts.use_cases.queue_renditions import QueueRenditions, queue_renditions


@dataclass(frozen=True, slots=True, kw_only=True)
class FindReceipts:
    """Which rendition of which receipts, in the order in which they are wanted."""

    clinic_id: UUID
    renditions: Mapping[UUID, str]
    subject: str


async def find_receipts(
    database: Database, store: DocumentStore, command: FindReceipts, wait: Waiting
) -> list[StoredDocument]:
    """The bytes of all.

    Raises DocumentsDeleted, ReceiptsSetAside, or ReceiptsNotReady where some are not made while waiting;
    StoreUnavailable and DocumentDamaged.
    """
    if missing := await _missing(database, command):
        kinds = {(receipt_id, command.renditions[receipt_id]): "receipt" for receipt_id in missing}
        queued = QueueRenditions(clinic_id=command.clinic_id, kinds=kinds, subject=command.subject)
        await queue_renditions(database, queued)
        await wait(command.clinic_id, list(kinds))
    if missing and (missing := await _missing(database, command)):
        raise ReceiptsNotReady(missing)
    async with database.reading([command.clinic_id]) as connection:
        found = await stored_documents.several(connection, command.renditions)
    return await store.documents(found)


async def _missing(database: Database, command: FindReceipts) -> list[UUID]:
    """Those that are not made yet, in their order. Raises ReceiptsSetAside, DocumentsDeleted for those never made."""
    async with database.reading([command.clinic_id]) as connection:
        made = await stored_documents.known(connection, command.renditions)
        missing = [rendition for rendition in command.renditions if rendition not in made]
        failures = await render_tasks.failures_of(connection, command.renditions) if missing else {}
        deleted = await deleted_documents.among(connection, missing) if missing else set()
    if deleted:
        raise DocumentsDeleted([id_ for id_ in missing if id_ in deleted])
    if failures:
        raise ReceiptsSetAside([id_ for id_ in missing if id_ in failures])
    return missing
