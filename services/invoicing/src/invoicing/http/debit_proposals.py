"""Debit notes proposed to the desk: a bank took back what had been refunded in part, and a person decides (`PAY-6`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from chassis.http import MoneyOut, Page, Paging, problems
from chassis.money import Money
from fastapi import APIRouter, Depends
from pydantic import ConfigDict
from pydantic.config import JsonDict
from starlette.responses import Response

from invoicing.http.answer import Answer
from invoicing.http.invoices import Reader, Writing
from invoicing.http.wanted import Code, ReasonIn
from invoicing.persistence import debit_proposals
from invoicing.use_cases.debit_as_proposed import DebitAsProposed, debit_as_proposed
from invoicing.use_cases.dismiss_debit_proposal import dismiss_debit_proposal

router = APIRouter(prefix="/v1/debit-proposals", tags=["notes"])
ProposalState = Literal["open", "debited", "dismissed"]
_EXAMPLE: JsonDict = {
    "id": "018f0000-0000-7000-8000-00000000d001",
    "state": "open",
    "payment_id": "018f0000-0000-7000-8000-00000000d002",
    "patient_id": "018f0000-0000-7000-8000-000000000002",
    "invoice_id": "018f0000-0000-7000-8000-00000000a001",
    "amount": {"amount": "30.00", "currency": "USD"},
    "proposed_at": "2026-11-25T09:45:00Z",
    "closed_at": None,
    "closed_by": None,
    "closed_because": None,
    "debit_note_id": None,
}


class DebitProposalOut(Answer):
    """What had been refunded of a payment that the bank then took back: the clinic's loss, unless it is debited."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    id: UUID
    """The chargeback's."""
    state: ProposalState
    payment_id: UUID
    patient_id: UUID
    invoice_id: UUID | None
    """The invoice that the chargeback reopened, debited unless another is named; null where it reopened none."""
    amount: MoneyOut
    proposed_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None
    debit_note_id: UUID | None

    @classmethod
    def of(cls, row: Any) -> DebitProposalOut:
        """As the wire has it."""
        told = {name: getattr(row, name) for name in cls.model_fields if name not in ("amount", "debit_note_id")}
        amount = MoneyOut.of(Money(row.amount_minor, row.currency))
        return cls(**told, amount=amount, debit_note_id=row.note_id)


class DebitAsProposedIn(ReasonIn):
    """Why the patient owes it again; which invoice is debited, where not the one proposed; its tax category."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "the check bounced, the cash was handed out"}})

    invoice_id: UUID | None = None
    tax_category: Code | None = None


@router.get("", response_model=Page[DebitProposalOut], responses=problems(422), summary="List proposed debit notes")
async def get_debit_proposals(
    read: Reader,
    paging: Annotated[Paging, Depends()],
    state: ProposalState | None = None,
    patient_id: UUID | None = None,
) -> Response:
    """Proposals by state, the latest first: `state=open` is what waits for somebody."""
    before = paging.after_value(UUID)
    async with read as connection:
        found = await debit_proposals.listed(connection, read.clinic_id, state, patient_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.id,), DebitProposalOut.of))


@router.post(
    "/{proposal_id}/debit-note",
    status_code=201,
    response_model=DebitProposalOut,
    responses=problems(404, 409, 422),
    summary="Debit what was proposed",
)
async def post_proposed_debit_note(proposal_id: UUID, body: DebitAsProposedIn, change: Writing) -> Response:
    """Make a debit note (a correction) of the whole amount, as the clinic prices: the patient owes it again."""
    command = DebitAsProposed(proposal_id, body.reason, body.invoice_id, body.tax_category)
    async with change as work:
        return change.answer(201, DebitProposalOut.of(await debit_as_proposed(work, command)))


@router.post(
    "/{proposal_id}/dismissal",
    response_model=DebitProposalOut,
    responses=problems(404, 409, 422),
    summary="Dismiss a proposed debit note",
)
async def post_debit_proposal_dismissal(proposal_id: UUID, body: ReasonIn, change: Writing) -> Response:
    """Let the clinic bear it, and say why."""
    async with change as work:
        return change.answer(200, DebitProposalOut.of(await dismiss_debit_proposal(work, proposal_id, body.reason)))
