"""What a front desk and an accountant look at: billable procedures, reviews, what is outstanding, the proof."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from chassis.http import Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.domain.billable_procedure import ProcedureFilter
from invoicing.domain.review import ReviewFilter
from invoicing.http.clinic_day import ClinicDay
from invoicing.http.installment_plan_responses import InvoiceWithPlan
from invoicing.http.invoices import shown_whole
from invoicing.http.note_requests import ReasonIn
from invoicing.http.procedure_responses import ProcedureOut, ProcedureState
from invoicing.http.report_responses import Cause, OutstandingOut, ProofOut, ReviewOut
from invoicing.http.scopes import InvoicesRead, InvoicesWrite, OperationsRead
from invoicing.persistence import clinics, queries
from invoicing.use_cases.prove_invoices import prove_invoices
from invoicing.use_cases.review_invoice import review_invoice

router = APIRouter(tags=["reports"])


@router.get(
    "/v1/billable-procedures",
    response_model=Page[ProcedureOut],
    responses=problems(422),
    summary="List completed procedures",
)
async def list_procedures(
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    patient_id: UUID | None = None,
    appointment_id: UUID | None = None,
    state: ProcedureState | None = None,
) -> Response:
    """Completed procedures, to choose from for an invoice; each is on one invoice at most."""
    wanted = ProcedureFilter(patient_id, appointment_id, state)
    async with read as connection:
        after = paging.after_value(UUID)
        found = await queries.list_procedures(connection, read.clinic_id, wanted, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda listed: (listed.procedure.procedure_id,), show=ProcedureOut.of))


@router.get(
    "/v1/invoice-reviews", response_model=Page[ReviewOut], responses=problems(422), summary="List what to review"
)
async def list_reviews(
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    state: Literal["open", "closed"] = "open",
    cause: Cause | None = None,
    patient_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> Response:
    """Invoices that a person is to look at.

    A procedure was reverted after issue, or came without a price; insurers decided about more than the fee, or to write
    off more than was left to credit, or about an invoice that is void (`INS-4`). The oldest first; with `state=closed`
    those that were looked at, with by whom and what came of it.
    """
    wanted = ReviewFilter(state == "closed", cause, patient_id, invoice_id)
    after = paging.after_value(UUID)
    async with read as connection:
        found = await queries.list_reviews(connection, read.clinic_id, wanted, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda review: (review.id,), show=ReviewOut.of))


@router.post(
    "/v1/invoices/{invoice_id}/review",
    response_model=InvoiceWithPlan,
    responses=problems(404, 409, 422),
    summary="Close an invoice's review",
)
async def post_review(
    invoice_id: UUID, body: ReasonIn, change: InvoicesWrite, day: Annotated[ClinicDay, Depends()]
) -> Response:
    """Say that a person has looked at what the invoice was marked for, and what came of it."""
    async with change as work:
        invoice = await review_invoice(work, invoice_id, body.reason)
        now = await day.today(work.connection, work.clinic_id)
        return change.answer(200, await shown_whole(work.connection, invoice, now), etag=invoice.version)


@router.get("/v1/outstanding", response_model=OutstandingOut, summary="Read what is outstanding")
async def get_outstanding(read: InvoicesRead, day: Annotated[ClinicDay, Depends()]) -> Response:
    """The clinic's sums: invoiced, debited, credited, settled, outstanding and overdue."""
    async with read as connection:
        found = await clinics.find_many(connection, [read.clinic_id])
        sums = await queries.outstanding(connection, read.clinic_id, await day.today(connection, read.clinic_id))
    currency = found[read.clinic_id].currency if read.clinic_id in found else None
    return read.answer(OutstandingOut.of(sums, currency))


@router.get("/v1/prove", response_model=ProofOut, tags=["operations"], summary="Prove the clinic's invoices")
async def get_proof(read: OperationsRead) -> Response:
    """Recompute every invoice from its lines and every sum from its entries; the difference is nothing."""
    async with read as connection:
        proven = await prove_invoices(connection, read.clinic_id)
    return read.answer(ProofOut.model_validate(proven, from_attributes=True))
