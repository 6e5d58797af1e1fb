"""Requests for a second person, and what became of them (`ALL-5`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody

from payments.domain.named_allocation import NamedAllocation
from payments.domain.refund_request import ReasonCode, RefundRequest, RequestKind, RequestState
from payments.domain.transaction import Method
from payments.http.examples import REQUEST_EXAMPLE
from payments.http.shared_responses import example_of


class NamedLineOut(ResponseBody):
    """A line that a refund is for; all that is left of it, where there is no amount."""

    line_id: UUID
    amount: MoneyOut | None


class NamedOut(ResponseBody):
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


class RefundRequestOut(ResponseBody):
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
        return cls.named(
            request,
            id=request.request_id,
            amount=MoneyOut.of(request.amount),
            limit=MoneyOut.of(request.limit),
            allocations=[NamedOut.of(allocation) for allocation in request.named],
            transactions=list(request.transaction_ids),
        )


REQUESTED: dict[int | str, dict[str, Any]] = {
    202: {"description": "Above the clinic's limit: another person has to approve it", "model": RefundRequestOut}
}
