"""Refunds and cancellations above the clinic's limit: requested by one, decided by another (`ALL-5`, `PAY-15`)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from chassis.http import Change, Changing, MoneyOut, NotFound, Page, Paging, Read, Reading, problems
from fastapi import APIRouter, Depends, Response

from payments.domain.named_allocation import NamedAllocation
from payments.domain.refund_request import ReasonCode, RefundRequest, RequestKind, RequestState
from payments.domain.transaction import Method
from payments.http.answers import Answer, example_of
from payments.http.examples import REQUEST_EXAMPLE
from payments.http.requests import DecisionIn
from payments.persistence import refund_requests
from payments.persistence.refund_requests import RequestFilter
from payments.use_cases.decide_on_refund import DecideOnRefund, Decision, decide_on_refund

router = APIRouter(prefix="/v1/refund-requests", tags=["refund requests"])
Approving = Annotated[Change, Depends(Changing("payments:approve"))]
Reversing = Annotated[Change, Depends(Changing("payments:reverse"))]
Looking = Annotated[Read, Depends(Reading("payments:read"))]


class NamedLineOut(Answer):
    """A line that a refund is for; all that is left of it, where there is no amount."""

    line_id: UUID
    amount: MoneyOut | None


class NamedOut(Answer):
    """An invoice that the money is to come from."""

    invoice_id: UUID
    amount: MoneyOut | None
    lines: list[NamedLineOut]

    @classmethod
    def of(cls, named: NamedAllocation) -> NamedOut:
        """As it was asked for."""
        return cls(
            invoice_id=named.invoice_id,
            amount=named.amount and MoneyOut.of(named.amount),
            lines=[
                NamedLineOut(line_id=line_id, amount=amount and MoneyOut.of(amount)) for line_id, amount in named.lines
            ],
        )


class RefundRequestOut(Answer):
    """A request, and what became of it; `transactions` are the refunds, or the cancellation, that completed it."""

    model_config = example_of(REQUEST_EXAMPLE)

    id: UUID
    state: RequestState
    kind: RequestKind
    patient_id: UUID
    payment_id: UUID | None
    treatment_plan_id: UUID | None
    amount: MoneyOut
    limit: MoneyOut
    reason_code: ReasonCode | None
    """Null for a cancellation, which says why in words."""
    reason: str | None
    method: Method | None
    method_label: str | None
    requested_by: str
    requested_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None
    allocations: list[NamedOut]
    """What a refund is to come from, where that was said (`PAY-19`)."""
    transactions: list[UUID]
    version: int

    @classmethod
    def of(cls, request: RefundRequest) -> RefundRequestOut:
        """A request."""
        told = {name: getattr(request, name) for name in cls.model_fields if hasattr(request, name)}
        told |= {
            "id": request.request_id,
            "amount": MoneyOut.of(request.amount),
            "limit": MoneyOut.of(request.limit),
            "allocations": [NamedOut.of(one) for one in request.named],
            "transactions": list(request.transaction_ids),
        }
        return cls.model_construct(**told)


REQUESTED: dict[int | str, dict[str, Any]] = {
    202: {"description": "Above the clinic's limit: another person has to approve it", "model": RefundRequestOut}
}


def requested(change: Change, request: RefundRequest) -> Response:
    """The answer where a refund or a cancellation became a request."""
    return change.answer(202, RefundRequestOut.of(request), location=f"/v1/refund-requests/{request.request_id}")


@router.get("", response_model=Page[RefundRequestOut], responses=problems(422))
async def get_refund_requests(
    read: Looking,
    paging: Annotated[Paging, Depends()],
    state: RequestState | None = None,
    patient_id: UUID | None = None,
    payment_id: UUID | None = None,
    requested_by: str | None = None,
) -> Response:
    """Requests by state, the latest first: `state=requested` is what waits for somebody."""
    before = paging.after[0] if paging.after else None
    wanted = RequestFilter(state, patient_id, payment_id, requested_by, before=before)
    async with read as connection:
        found = await refund_requests.listed(connection, read.clinic_id, wanted, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.request_id,), RefundRequestOut.of))


@router.get("/{request_id}", response_model=RefundRequestOut, responses=problems(404))
async def get_refund_request(request_id: UUID, read: Looking) -> Response:
    """A request, and what became of it."""
    async with read as connection:
        found = await refund_requests.listed(connection, read.clinic_id, RequestFilter(request_id=request_id), 1)
    if not found:
        raise NotFound("there is no such refund request")
    return read.answer(RefundRequestOut.of(found[0]))


@router.post("/{request_id}/approval", response_model=RefundRequestOut, responses=problems(403, 404, 409, 422))
async def post_approval(request_id: UUID, change: Approving) -> Response:
    """Approve a request of somebody else: the refund or cancellation is decided anew and made at once.

    What can no longer be refunded or cancelled is refused with the reason, and the request stays.
    """
    return await _decided(change, request_id, "approve", None)


@router.post("/{request_id}/rejection", response_model=RefundRequestOut, responses=problems(403, 404, 409, 422))
async def post_rejection(request_id: UUID, body: DecisionIn, change: Approving) -> Response:
    """Reject a request of somebody else."""
    return await _decided(change, request_id, "reject", body.reason)


@router.post("/{request_id}/withdrawal", response_model=RefundRequestOut, responses=problems(403, 404, 409, 422))
async def post_request_withdrawal(request_id: UUID, body: DecisionIn, change: Reversing) -> Response:
    """Withdraw a request of one's own."""
    return await _decided(change, request_id, "withdraw", body.reason)


async def _decided(change: Change, request_id: UUID, decision: Decision, reason: str | None) -> Response:
    async with change as work:
        request = await decide_on_refund(work, DecideOnRefund(request_id, decision, reason))
        return change.answer(200, RefundRequestOut.of(request))
