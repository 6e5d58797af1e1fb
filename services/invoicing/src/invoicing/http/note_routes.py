"""Credit notes and debit notes: made, and undone by their opposite (`INV-6`, `MON-5`)."""

from __future__ import annotations

from uuid import UUID

from chassis.http import problems
from fastapi import APIRouter
from starlette.responses import Response

from invoicing.http.invoice_routes import Writing
from invoicing.http.shown import NoteOut
from invoicing.http.wanted import CreditNoteIn, DebitNoteIn, ReasonIn, money
from invoicing.use_cases.credit_invoice import CreditInvoice, credit_invoice
from invoicing.use_cases.debit_invoice import DebitInvoice, debit_invoice
from invoicing.use_cases.undo_note import undo_note

router = APIRouter(tags=["notes"])


@router.post(
    "/v1/invoices/{invoice_id}/credit-notes",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422),
    summary="Credit an invoice",
)
async def post_credit_note(invoice_id: UUID, body: CreditNoteIn, change: Writing) -> Response:
    """Lower what an issued invoice asks for: by a total, by lines, or by all that is left.

    Where it was paid already, the surplus becomes the patient's credit (`INV-9`).
    """
    async with change as work:
        command = CreditInvoice(
            invoice_id=invoice_id,
            kind=body.kind,
            reason=body.reason,
            amount=money(body.amount, "amount") if body.amount else None,
            lines=tuple(line.wanted(index) for index, line in enumerate(body.lines)),
        )
        invoice, note = await credit_invoice(work, command)
        shown = NoteOut.of(note, invoice.pricing.currency)
        return change.answer(201, shown, location=f"/v1/invoices/{invoice_id}")


@router.post(
    "/v1/invoices/{invoice_id}/debit-notes",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422),
    summary="Debit an invoice",
)
async def post_debit_note(invoice_id: UUID, body: DebitNoteIn, change: Writing) -> Response:
    """Raise what an issued invoice asks for: a late fee or a correction."""
    async with change as work:
        command = DebitInvoice(invoice_id, body.kind, body.reason, money(body.amount, "amount"), body.tax_category)
        invoice, note = await debit_invoice(work, command)
        shown = NoteOut.of(note, invoice.pricing.currency)
        return change.answer(201, shown, location=f"/v1/invoices/{invoice_id}")


@router.post(
    "/v1/credit-notes/{note_id}/undo",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422),
    summary="Undo a credit note",
)
async def post_credit_note_undo(note_id: UUID, body: ReasonIn, change: Writing) -> Response:
    """Undo a wrong credit note by a debit note of the same amounts; once."""
    async with change as work:
        invoice, note = await undo_note(work, note_id, "credit", body.reason)
        shown = NoteOut.of(note, invoice.pricing.currency)
        return change.answer(201, shown, location=f"/v1/invoices/{invoice.id}")


@router.post(
    "/v1/debit-notes/{note_id}/undo",
    status_code=201,
    response_model=NoteOut,
    responses=problems(404, 409, 422),
    summary="Undo a debit note",
)
async def post_debit_note_undo(note_id: UUID, body: ReasonIn, change: Writing) -> Response:
    """Undo a wrong debit note by a credit note of the same amounts; once."""
    async with change as work:
        invoice, note = await undo_note(work, note_id, "debit", body.reason)
        shown = NoteOut.of(note, invoice.pricing.currency)
        return change.answer(201, shown, location=f"/v1/invoices/{invoice.id}")
