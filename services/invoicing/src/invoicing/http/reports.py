"""What a front desk and an accountant look at: billable procedures, reviews, what is outstanding, the proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import MoneyOut, Page, Paging, Read, Reading, problems
from chassis.money import Money
from fastapi import APIRouter, Depends
from pydantic import ConfigDict
from starlette.responses import Response

from invoicing.http.answer import Answer, shown
from invoicing.http.examples import OUTSTANDING_EXAMPLE, PROCEDURE_EXAMPLE, PROOF_EXAMPLE, REVIEW_EXAMPLE
from invoicing.http.invoices import Reader, Writing, shown_whole
from invoicing.http.plan_schemas import InvoiceWithPlan
from invoicing.http.reading import ClinicDay
from invoicing.http.wanted import ReasonIn
from invoicing.persistence import clinics, queries
from invoicing.use_cases.prove_invoices import prove_invoices
from invoicing.use_cases.review_invoice import review_invoice

router = APIRouter(tags=["reports"])

Cause = Literal[
    "procedure_reverted",
    "price_missing",
    "fee_in_other_currency",
    "prices_changed",
    "write_off_capped",
    "decided_beyond_fee",
    "decided_after_void",
]
ProcedureState = Literal["billable", "invoiced", "reverted"]


class ProcedureOut(Answer):
    """A completed procedure: billable, on an invoice, or taken back (`INV-1`)."""

    model_config = ConfigDict(json_schema_extra={"example": PROCEDURE_EXAMPLE})

    procedure_id: UUID
    state: ProcedureState
    patient_id: UUID
    appointment_id: UUID | None
    provider_id: UUID | None
    provider_name: str | None
    code_system: str
    code: str
    description: str
    tooth: str | None
    surface: str | None
    date_of_service: date
    fee: MoneyOut | None
    """As the clinical system told it; without one the price list decides."""
    fee_in_other_currency: bool
    """The fee is not in the clinic's currency: whoever invoices it types the price (`MON-2`)."""
    treatment_plan_id: UUID | None
    treatment_plan_item_id: UUID | None
    invoice_id: UUID | None
    invoice_number: str | None
    invoiced_ahead: bool
    """It was invoiced with its treatment plan before it was done (`INV-10`)."""

    @classmethod
    def of(cls, row: Any) -> ProcedureOut:
        """As the wire has it."""
        state = "reverted" if row.reverted_at else "invoiced" if row.invoice_id else "billable"
        fee = None if row.fee_minor is None else MoneyOut.of(Money(row.fee_minor, row.fee_currency))
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in ("state", "fee")}
        return cls(state=state, fee=fee, **plain)


class ReviewOut(Answer):
    """An invoice that a person is to look at, and why."""

    model_config = ConfigDict(json_schema_extra={"example": REVIEW_EXAMPLE})

    id: UUID
    invoice_id: UUID
    number: str | None
    status: Literal["draft", "issued", "void"]
    patient_id: UUID
    appointment_id: UUID | None
    cause: Cause
    procedure_id: UUID | None
    noted_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None

    @classmethod
    def of(cls, row: Any) -> ReviewOut:
        """As the wire has it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class OutstandingOut(Answer):
    """A clinic's sums over its issued invoices; what is outstanding is never below zero on any of them (`INV-9`)."""

    model_config = ConfigDict(json_schema_extra={"example": OUTSTANDING_EXAMPLE})

    currency: str | None
    issued: int
    drafts: int
    void: int
    overdue: int
    invoiced: MoneyOut | None
    debited: MoneyOut | None
    credited: MoneyOut | None
    settled: MoneyOut | None
    outstanding: MoneyOut | None
    overdue_amount: MoneyOut | None


class DifferenceOut(Answer):
    """Two figures that should be one."""

    what: str
    expected: str
    found: str


class ProofOut(Answer):
    """What was recomputed, and what differs: nothing, if the books are right (`ALL-8`)."""

    model_config = ConfigDict(json_schema_extra={"example": PROOF_EXAMPLE})

    counts: dict[str, int]
    differences: list[DifferenceOut]


@router.get(
    "/v1/billable-procedures",
    response_model=Page[ProcedureOut],
    responses=problems(422),
    summary="List completed procedures",
)
async def list_procedures(
    read: Reader,
    paging: Annotated[Paging, Depends()],
    patient_id: UUID | None = None,
    appointment_id: UUID | None = None,
    state: ProcedureState | None = None,
) -> Response:
    """Completed procedures, to choose from for an invoice; each is on one invoice at most."""
    wanted = queries.ProcedureFilter(patient_id, appointment_id, state)
    async with read as connection:
        after = paging.after_value(UUID)
        found = await queries.list_procedures(connection, read.clinic_id, wanted, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda row: (row.procedure_id,), show=ProcedureOut.of))


@router.get(
    "/v1/invoice-reviews", response_model=Page[ReviewOut], responses=problems(422), summary="List what to review"
)
async def list_reviews(
    read: Reader,
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
    wanted = queries.ReviewFilter(state == "closed", cause, patient_id, invoice_id)
    after = paging.after_value(UUID)
    async with read as connection:
        found = await queries.list_reviews(connection, read.clinic_id, wanted, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda row: (row.id,), show=ReviewOut.of))


@router.post(
    "/v1/invoices/{invoice_id}/review",
    response_model=InvoiceWithPlan,
    responses=problems(404, 409, 422),
    summary="Close an invoice's review",
)
async def post_review(
    invoice_id: UUID, body: ReasonIn, change: Writing, day: Annotated[ClinicDay, Depends()]
) -> Response:
    """Say that a person has looked at what the invoice was marked for, and what came of it."""
    async with change as work:
        invoice = await review_invoice(work, invoice_id, body.reason)
        now = await day.today(work.connection, work.clinic_id)
        return change.answer(200, await shown_whole(work.connection, invoice, now), etag=invoice.version)


@router.get("/v1/outstanding", response_model=OutstandingOut, summary="Read what is outstanding")
async def get_outstanding(read: Reader, day: Annotated[ClinicDay, Depends()]) -> Response:
    """The clinic's sums: invoiced, debited, credited, settled, outstanding and overdue."""
    async with read as connection:
        found = await clinics.find_many(connection, [read.clinic_id])
        sums = await queries.outstanding(connection, read.clinic_id, await day.today(connection, read.clinic_id))
    currency = found[read.clinic_id].currency if read.clinic_id in found else None
    amounts = {
        name: shown(int(getattr(sums, name)), currency) if currency else None
        for name in ("invoiced", "debited", "credited", "settled", "outstanding", "overdue_amount")
    }
    counts = {name: getattr(sums, name) for name in ("issued", "drafts", "void", "overdue")}
    return read.answer(OutstandingOut(currency=currency, **counts, **amounts))


@router.get("/v1/prove", response_model=ProofOut, tags=["operations"], summary="Prove the clinic's invoices")
async def get_proof(read: Annotated[Read, Depends(Reading("operations"))]) -> Response:
    """Recompute every invoice from its lines and every sum from its entries; the difference is nothing."""
    async with read as connection:
        proven = await prove_invoices(connection)
    differences = [DifferenceOut(what=one.what, expected=one.expected, found=one.found) for one in proven.differences]
    return read.answer(ProofOut(counts=proven.counts, differences=differences))
