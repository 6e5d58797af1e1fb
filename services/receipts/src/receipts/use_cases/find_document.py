"""Serve a rendition's stored bytes, having it made first where nobody asked for it before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Database

from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import DocumentNotReady, DocumentsDeleted, DocumentSetAside
from receipts.domain.render_task import ASKED_FOR
from receipts.domain.requested_document import Rendered
from receipts.domain.stored_document import KeptDocument, StoredDocument
from receipts.persistence import deleted_documents, render_tasks, stored_documents
from receipts.use_cases.queue_renditions import QueueRenditions, queue_renditions

Waiting = Callable[[UUID, Collection[Rendered]], Awaitable[object]]
"""Waits for a while until these documents of a clinic are made, or set aside (`RCP-5`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindDocument:
    """A rendition that somebody waits for."""

    clinic_id: UUID
    kind: str
    document_id: UUID
    rendition: str
    subject: str
    priority: int = ASKED_FOR


async def find_document(
    database: Database, store: DocumentStore, command: FindDocument, wait: Waiting
) -> StoredDocument:
    """The bytes.

    Raises DocumentNotReady when they are not made while waiting, DocumentSetAside when they cannot be, DocumentsDeleted
    where their retention has ended (`ALL-9`), StoreUnavailable and DocumentDamaged.
    """

    async def stored() -> KeptDocument | None:
        async with database.reading([command.clinic_id]) as connection:
            found = await stored_documents.find(connection, command.document_id, command.rendition)
            if found is None:
                if await deleted_documents.among(connection, [command.document_id]):
                    raise DocumentsDeleted([command.document_id])
                failure = await render_tasks.failure_of(connection, command.document_id, command.rendition)
                if failure is not None:
                    raise DocumentSetAside(command.document_id, failure)
            return found

    if found := await stored():
        return await store.document(found)
    rendered = (command.document_id, command.rendition)
    wanted = QueueRenditions(
        clinic_id=command.clinic_id,
        kinds={rendered: command.kind},
        subject=command.subject,
        priority=command.priority,
    )
    await queue_renditions(database, wanted)
    await wait(command.clinic_id, [rendered])
    if found := await stored():
        return await store.document(found)
    raise DocumentNotReady(command.document_id)
