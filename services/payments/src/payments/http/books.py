"""The books: an invoice as payments sees it, and the proof that every balance is right."""

from __future__ import annotations

from uuid import UUID

from chassis.http import NotFound, problems
from fastapi import APIRouter, Request, Response

from payments.domain.installment import due_next
from payments.http.book_responses import InvoiceOut, ProofOut, WrongOut
from payments.http.scopes import OperationsRead, PaymentsRead
from payments.persistence import clinics, installments, proof, queries

router = APIRouter(tags=["books"])


@router.get("/v1/invoices/{invoice_id}", response_model=InvoiceOut, responses=problems(404, 409, 422))
async def get_invoice(invoice_id: UUID, request: Request, read: PaymentsRead) -> Response:
    """An invoice's balance as payments sees it (`INV-9`)."""
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        found = await queries.invoice(connection, invoice_id)
        plans = await installments.of_invoices(connection, [invoice_id])
    if found is None:
        raise NotFound("there is no such issued invoice, or its event has not arrived yet", maybe_soon=True)
    today = clinic.today(request.app.state.resources.clock.now())
    return read.answer(InvoiceOut.of(found, today, due_next(found, plans)))


@router.get("/v1/prove", response_model=ProofOut, tags=["operations"])
async def get_proof(read: OperationsRead) -> Response:
    """Recompute every balance of the clinic from the journal, and show what differs (`ALL-8`)."""
    async with read as connection:
        proven = await proof.prove(connection, read.clinic_id)
    wrong = [WrongOut.model_validate(difference, from_attributes=True) for difference in proven.differences]
    return read.answer(ProofOut(figures=proven.figures, differences=wrong, proven=not wrong))
