"""Keep the bytes of a document for ever, and tell that a receipt is issued, in one transaction (`RCP-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.database import Work

from receipts.announcements import announce_issued, announce_voided
from receipts.domain.errors import StoreUnavailable
from receipts.domain.own_templates import TemplateFailure
from receipts.domain.render_task import LATER, RenderTask
from receipts.domain.stored_document import ObjectKey, StoredDocument
from receipts.persistence import (
    announced_receipts,
    composed_documents,
    object_removals,
    own_templates,
    receipts,
    render_tasks,
    requested_documents,
    stored_documents,
)
from receipts.persistence.render_tasks import BELL


@dataclass(frozen=True, slots=True)
class StoreDocument:
    """A rendition that was made, under a lease."""

    task: RenderTask
    pdf: bytes
    template_failure: str | None = None
    """Why the clinic's own template did not make it, where it did not (`RCP-6`)."""
    in_store: bool = False
    """Whether the object store has the bytes already (`keep_object`)."""


async def store_document(work: Work, command: StoreDocument) -> bool:
    """Store the bytes; False, and nothing happens, where the lease has passed to another worker meanwhile.

    Raises StoreUnavailable where the object that has them was removed meanwhile.
    """
    task = command.task
    if task.kind in composed_documents.KINDS:
        await composed_documents.lock(work.connection, task.document_id)
    if not await render_tasks.done(work.connection, task):
        return False
    work.ring(requested_documents.BELL)
    if command.template_failure:
        await own_templates.add_failure(work.connection, task.clinic_id, _failure(command, work.now))
    document = StoredDocument.of(command.pdf)
    if task.kind in composed_documents.KINDS:
        await composed_documents.keep_pdf(work.connection, task.document_id, document)
        return True
    added = await stored_documents.add(work.connection, task, document, work.now, in_store=command.in_store)
    if added and command.in_store:
        await _let_stay(work, ObjectKey(task.clinic_id, document.sha256))
    if task.kind == "receipt" and task.rendition == "original":
        await _tell(work, task, document)
    return True


async def _let_stay(work: Work, key: ObjectKey) -> None:
    """Take back that the object is to be removed. Raises StoreUnavailable where that was done meanwhile."""
    if not await object_removals.cancel(work.connection, [key]):
        raise StoreUnavailable("the object was removed before its document was stored")


def _failure(command: StoreDocument, now: datetime) -> TemplateFailure:
    task = command.task
    return TemplateFailure(
        document_id=task.document_id,
        rendition=task.rendition,
        kind=task.kind,
        failure=command.template_failure or "",
        failed_at=now,
    )


async def _tell(work: Work, task: RenderTask, document: StoredDocument) -> None:
    receipt = await receipts.keep_hash(
        work.connection,
        task.document_id,
        sha256=document.sha256,
        size_bytes=len(document.pdf),
        stored_at=work.now,
    )
    if receipt is None or receipt.stored is None:
        return
    if await announced_receipts.sha256_of(work.connection, receipt.receipt_id) != document.sha256:
        announce_issued(work, receipt, receipt.stored)  # else it was, before the database was restored
    if receipt.voided:
        announce_voided(work, receipt, receipt.voided, work.now)
        await render_tasks.add(
            work.connection, [RenderTask(task.document_id, "void", task.clinic_id, "receipt", priority=LATER)]
        )
        work.ring(BELL)
