"""Have a document of the moment's figures rendered where all rendering happens, and give its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database import Database
from chassis.trace_context import current_trace

from receipts.domain.errors import DocumentNotReady, DocumentSetAside
from receipts.domain.render_task import ASKED_FOR, RenderTask
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import composed_documents, render_tasks
from receipts.persistence.composed_documents import RENDITION
from receipts.persistence.render_tasks import BELL
from receipts.use_cases.find_document import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeDocument:
    """What a document says, and who waits for it."""

    clinic_id: UUID
    kind: str
    content: dict[str, Any]
    subject: str


async def compose_document(database: Database, command: ComposeDocument, wait: Waiting) -> StoredDocument:
    """The bytes. Raises DocumentNotReady when they are not made while waiting, DocumentSetAside when they cannot be.

    Who asks again with the same figures waits for the same document: it is not rendered twice.
    """
    document_id = composed_documents.id_of(command.kind, command.content)

    async def made() -> StoredDocument | None:
        async with database.reading([command.clinic_id]) as connection:
            found = await composed_documents.find(connection, document_id)
            if found is None:
                failure = await render_tasks.failure_of(connection, document_id, RENDITION)
                if failure is not None:
                    raise DocumentSetAside(document_id, failure)
            return found

    if found := await made():
        return found
    async with database.transaction([command.clinic_id], command.subject) as work:
        await composed_documents.keep(
            work.connection, document_id, command.clinic_id, command.kind, command.content, work.now
        )
        trace = current_trace()._asdict()
        task = RenderTask(document_id, RENDITION, command.clinic_id, command.kind, priority=ASKED_FOR, **trace)
        await render_tasks.add(work.connection, [task])
        work.ring(BELL)
    await wait(command.clinic_id, [(document_id, RENDITION)])
    if found := await made():
        return found
    raise DocumentNotReady(document_id)
