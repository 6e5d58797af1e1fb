"""Credit and debit notes as PDF."""

from __future__ import annotations

from uuid import UUID

from chassis.http import Read, problems, until_known
from fastapi import APIRouter, Request
from starlette.responses import Response

from receipts.domain.errors import NoteUnknown
from receipts.domain.issued_note import KeptNote, NoteKind
from receipts.http.pdf import PDF, document_answer, patience
from receipts.http.scopes import ReceiptsRead
from receipts.persistence import notes
from receipts.use_cases.find_document import FindDocument

router = APIRouter(tags=["notes"])


@router.get("/v1/credit-notes/{id}/pdf", response_class=Response, responses=PDF | problems(404, 409, 410, 503))
async def get_credit_note_pdf(request: Request, id: UUID, read: ReceiptsRead) -> Response:  # noqa: A002  the path says id
    """The credit note as PDF: rendered when first asked for, the same bytes ever after."""
    return await _pdf(request, read, id, "credit_note")


@router.get("/v1/debit-notes/{id}/pdf", response_class=Response, responses=PDF | problems(404, 409, 410, 503))
async def get_debit_note_pdf(request: Request, id: UUID, read: ReceiptsRead) -> Response:  # noqa: A002  the path says id
    """The debit note as PDF: rendered when first asked for, the same bytes ever after."""
    return await _pdf(request, read, id, "debit_note")


async def _pdf(request: Request, read: Read, note_id: UUID, kind: NoteKind) -> Response:
    async def known() -> KeptNote | None:
        async with read as connection:
            return await notes.find(connection, note_id)

    note = await until_known(known, seconds=patience(request))
    if note is None or note.kind != kind:
        raise NoteUnknown(note_id)
    wanted = FindDocument(
        clinic_id=read.clinic_id, kind=kind, document_id=note_id, rendition="original", subject=read.subject
    )
    return await document_answer(request, wanted, note.number)
