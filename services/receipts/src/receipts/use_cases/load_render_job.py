"""What a rendering process needs for one rendition: frozen content and letterhead, or a stored original and a stamp."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chassis.database import Database
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.documents.content.frozen import invoice_from_json, plan_agreement_from_json, receipt_from_json
from receipts.documents.render.kinds import ROLL
from receipts.documents.render.render_job import RenderJob, Stamp
from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import (
    DocumentDamaged,
    DocumentUnknown,
    InvoiceUnknown,
    NoteUnknown,
    PlanUnknown,
    ReceiptUnknown,
)
from receipts.domain.own_templates import OwnTemplate
from receipts.domain.receipt import Rendition
from receipts.domain.render_task import PREVIEW, RenderTask
from receipts.domain.stored_document import KeptDocument, ObjectKey
from receipts.persistence import (
    announced_receipts,
    composed_documents,
    installment_plans,
    invoices,
    notes,
    own_templates,
    people,
    receipts,
    stored_documents,
)

Frozen = tuple[dict[str, Any], Stamp | None]
"""Frozen content, and what is stamped over it."""


@dataclass(frozen=True, slots=True)
class LoadedJob:
    """A job; and the bytes that it made once, where a receipt was announced with them before a restore (`RCP-1`)."""

    job: RenderJob
    made: bytes | None = None


async def load_render_job(database: Database, store: DocumentStore, task: RenderTask) -> LoadedJob:
    """The job of a task; no connection is held while the store is asked for an original.

    Raises a ReceiptsError for a document that is not there, StoreUnavailable and DocumentDamaged.
    """
    async with database.reading([task.clinic_id]) as connection:
        job, original = await _loaded(connection, task)
        announced = await _announced(connection, task)
    if original is not None:
        return LoadedJob(replace(job, base=(await store.document(original)).pdf))
    return LoadedJob(job, await _made(store, announced) if announced and store.keeps else None)


async def _announced(connection: AsyncConnection, task: RenderTask) -> ObjectKey | None:
    """Where the store may still have a receipt as it was announced before the database was restored."""
    if task.kind != "receipt" or task.rendition != "original":
        return None
    sha256 = await announced_receipts.sha256_of(connection, task.document_id)
    return ObjectKey(task.clinic_id, sha256) if sha256 else None


async def _made(store: DocumentStore, key: ObjectKey) -> bytes | None:
    try:
        return await store.read(key)
    except DocumentDamaged:
        return None


async def _loaded(connection: AsyncConnection, task: RenderTask) -> tuple[RenderJob, KeptDocument | None]:
    """The job, and the original that is to be stamped, if one is."""
    if task.kind == PREVIEW:
        return _preview(await _composed_content(connection, task)), None
    rendition = Rendition.named(task.rendition)
    content, stamp = await _CONTENTS[task.kind](connection, task, rendition.stamping)
    roll = rendition.paper == "roll"
    original = None
    if rendition.stamping != "original" and not roll:
        name = Rendition(brief=rendition.brief).name
        original = await stored_documents.find(connection, task.document_id, name)
    clinic = await people.clinic_at(connection, task.clinic_id, content["clinic_version"])
    own = await own_templates.at_version(connection, task.clinic_id, content.get("template_version", 0))
    job = RenderJob(
        kind=task.kind,
        content=content,
        clinic=clinic,
        brief=rendition.brief,
        roll=roll,
        stamp=stamp,
        own=own.of(ROLL if roll else task.kind, content["language"]),
    )
    return job, original


async def _receipt(connection: AsyncConnection, task: RenderTask, kind: str) -> Frozen:
    receipt = await receipts.find(connection, task.document_id)
    if receipt is None:
        raise ReceiptUnknown(task.document_id)
    frozen = await receipts.content_of(connection, task.document_id)
    content = receipt_from_json(frozen)
    if kind == "void" and receipt.voided:
        void = receipt.voided
        return frozen, Stamp(
            kind="void",
            language=content.language,
            paper=content.paper,
            zone=content.zone,
            at=void.at,
            cause=void.cause,
            reason=void.reason,
        )
    if kind == "copy":
        made_at = content.numbered_at
        return frozen, Stamp(kind="copy", language=content.language, paper=content.paper, zone=content.zone, at=made_at)
    return frozen, None


async def _invoice(connection: AsyncConnection, task: RenderTask, kind: str) -> Frozen:
    kept = await invoices.find(connection, task.document_id)
    if kept is None:
        raise InvoiceUnknown(task.document_id)
    content = invoice_from_json(kept.content)
    if kind == "void" and kept.voided_at:
        clinic = await people.clinic_at(connection, task.clinic_id, content.clinic_version)
        return kept.content, Stamp(
            kind="void",
            language=content.language,
            paper=content.paper,
            zone=clinic.time_zone,
            at=kept.voided_at,
            cause="cancellation",
            reason=kept.void_reason,
        )
    return kept.content, None


async def _note(connection: AsyncConnection, task: RenderTask, _kind: str) -> Frozen:
    kept = await notes.find(connection, task.document_id)
    if kept is None:
        raise NoteUnknown(task.document_id)
    return kept.content, None


async def _plan_agreement(connection: AsyncConnection, task: RenderTask, kind: str) -> Frozen:
    kept = await installment_plans.agreement(connection, task.document_id)
    if kept is None:
        raise PlanUnknown(task.document_id)
    end = kept.plan.end if kept.plan else None
    if kind != "void" or end is None:
        return kept.content, None
    content = plan_agreement_from_json(kept.content)
    return kept.content, Stamp(
        kind="void",
        language=content.language,
        paper=content.paper,
        zone=content.zone,
        at=end.at,
        cause="cancellation",
        reason=end.reason,
    )


async def _composed(connection: AsyncConnection, task: RenderTask, _kind: str) -> Frozen:
    return await _composed_content(connection, task), None


async def _composed_content(connection: AsyncConnection, task: RenderTask) -> dict[str, Any]:
    content = await composed_documents.content_of(connection, task.document_id)
    if content is None:
        raise DocumentUnknown(task.document_id)
    return content


def _preview(said: dict[str, Any]) -> RenderJob:
    """A sample with the letterhead that it is to show: one that no version of the clinic has (`RCP-6`)."""
    clinic = people.clinic_of(said["clinic"])
    own = OwnTemplate.of_json(said.get("own"))
    roll = said.get("roll", False)
    return RenderJob(kind=said["kind"], content=said["content"], clinic=clinic, brief=False, roll=roll, own=own)


_CONTENTS: Mapping[str, Callable[[AsyncConnection, RenderTask, str], Awaitable[Frozen]]] = {
    "receipt": _receipt,
    "invoice": _invoice,
    "credit_note": _note,
    "debit_note": _note,
    "plan_agreement": _plan_agreement,
    "statement": _composed,
    "day_sheet": _composed,
    "demand": _composed,
}
