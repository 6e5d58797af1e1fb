"""Credit notes and debit notes: previewed, made, and undone by their opposite (`INV-6`, `MON-5`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.clock import Clock
from chassis.http import Change, problems
from fastapi import APIRouter, Request
from starlette.responses import Response

from invoicing.domain.credit_request_errors import CreditNeedsApproval
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import Note
from invoicing.http.credit_requests import REQUESTED, requested
from invoicing.http.note_requests import CreditNoteIn, DebitNoteIn, ReasonIn
from invoicing.http.note_responses import NoteOut, NotePreviewOut
from invoicing.http.scopes import InvoicesRead, InvoicesWrite
from invoicing.use_cases.credit_invoice import credit_invoice
from invoicing.use_cases.debit_invoice import debit_invoice
from invoicing.use_cases.preview_note import preview_note
from invoicing.use_cases.request_credit import UndoDebitNote, request_credit
from invoicing.use_cases.undo_note import undo_note

router = APIRouter(tags=["notes"])


@router.post(
    "/v1/invoices/{invoice_id}/credit-notes",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422) | REQUESTED,
    summary="Credit an invoice",
)
async def post_credit_note(invoice_id: UUID, body: CreditNoteIn, change: InvoicesWrite) -> Response:
    """Lower what an issued invoice asks for: by a total, by lines, or by all that is left.

    Where it was paid already, the surplus becomes the patient's credit (`INV-9`). With more credited of the invoice, or
    to its patient on the same day, than the clinic's `credit_limit`, it becomes a request (202) that another person has
    to approve (`PAY-15`).
    """
    command = body.command(invoice_id)
    async with change as work:
        try:
            return _made(change, *await credit_invoice(work, command))
        except CreditNeedsApproval as above:
            return requested(change, await request_credit(work, command, above))


@router.post(
    "/v1/invoices/{invoice_id}/credit-notes/preview",
    response_model=NotePreviewOut,
    responses=problems(404, 409, 422),
    summary="Preview a credit note",
)
async def post_credit_note_preview(
    invoice_id: UUID, body: CreditNoteIn, read: InvoicesRead, request: Request
) -> Response:
    """What the credit note would say, what the invoice would ask for after it, and what would become patient credit."""
    async with read as connection:
        preview = await preview_note(connection, read.clinic_id, _now(request), body.command(invoice_id))
    return read.answer(NotePreviewOut.of(preview))


@router.post(
    "/v1/invoices/{invoice_id}/debit-notes",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422),
    summary="Debit an invoice",
)
async def post_debit_note(invoice_id: UUID, body: DebitNoteIn, change: InvoicesWrite) -> Response:
    """Raise what an issued invoice asks for: a late fee or a correction."""
    async with change as work:
        return _made(change, *await debit_invoice(work, body.command(invoice_id)))


@router.post(
    "/v1/invoices/{invoice_id}/debit-notes/preview",
    response_model=NotePreviewOut,
    responses=problems(404, 409, 422),
    summary="Preview a debit note",
)
async def post_debit_note_preview(
    invoice_id: UUID, body: DebitNoteIn, read: InvoicesRead, request: Request
) -> Response:
    """What the debit note would say, and what the invoice would ask for after it."""
    async with read as connection:
        preview = await preview_note(connection, read.clinic_id, _now(request), body.command(invoice_id))
    return read.answer(NotePreviewOut.of(preview))


@router.post(
    "/v1/credit-notes/{note_id}/undo",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422),
    summary="Undo a credit note",
)
async def post_credit_note_undo(note_id: UUID, body: ReasonIn, change: InvoicesWrite) -> Response:
    """Undo a wrong credit note by a debit note of the same amounts; once."""
    async with change as work:
        return _made(change, *await undo_note(work, note_id, "credit", body.reason))


@router.post(
    "/v1/debit-notes/{note_id}/undo",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422) | REQUESTED,
    summary="Undo a debit note",
)
async def post_debit_note_undo(note_id: UUID, body: ReasonIn, change: InvoicesWrite) -> Response:
    """Undo a wrong debit note by a credit note of the same amounts; once. Above the limit, as with any credit (202)."""
    async with change as work:
        try:
            return _made(change, *await undo_note(work, note_id, "debit", body.reason))
        except CreditNeedsApproval as above:
            return requested(change, await request_credit(work, UndoDebitNote(note_id, body.reason), above))


def _made(change: Change, invoice: Invoice, note: Note) -> Response:
    shown = NoteOut.of(note, invoice.pricing.currency)
    return change.answer(201, shown, location=f"/v1/invoices/{invoice.id}")


def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.resources.clock
    return clock.now()
