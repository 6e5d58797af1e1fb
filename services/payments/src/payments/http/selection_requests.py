"""What clients may send about several transactions at once (`PAY-7`)."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from chassis.http import MoneyIn, RequestBody
from pydantic import ConfigDict, Field, model_validator

from payments.http.examples import GROUP, INVOICE, LINE
from payments.http.payment_requests import RefundedAllocationIn, named_of
from payments.http.request_rules import require_each_once
from payments.http.shared_requests import SELECTED_MAX, Reason, TermsIn
from payments.use_cases.refund_payments import RefundPayments


class CancellationsIn(RequestBody):
    """Several transactions that were mistakes: all of them are cancelled or none (`PAY-5`, `PAY-7`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"transaction_ids": [INVOICE, GROUP], "reason": "entered twice"}]}
    )

    transaction_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=SELECTED_MAX)]
    reason: Reason

    @model_validator(mode="after")
    def _once(self) -> Self:
        require_each_once(self.transaction_ids, "transaction_ids")
        return self


class SelectedRefundIn(RequestBody):
    """A payment that is to be refunded; without an amount, all that is left of it.

    `allocations` says which of its invoices the money comes from, and for which lines, as in a refund of one payment.
    """

    payment_id: UUID
    amount: MoneyIn | None = None
    allocations: Annotated[tuple[RefundedAllocationIn, ...], Field(max_length=50)] = ()


class RefundsIn(TermsIn):
    """Several payments that are to be refunded, for one reason: all of them or none (`PAY-7`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "refunds": [
                        {"payment_id": INVOICE},
                        {
                            "payment_id": GROUP,
                            "amount": {"amount": "20.00", "currency": "USD"},
                            "allocations": [{"invoice_id": INVOICE, "lines": [{"line_id": LINE}]}],
                        },
                    ],
                    "reason_code": "treatment_changed",
                }
            ]
        }
    )

    refunds: Annotated[tuple[SelectedRefundIn, ...], Field(min_length=1, max_length=SELECTED_MAX)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        require_each_once([refund.payment_id for refund in self.refunds], "refunds", "payment_id")
        return self

    def to_command(self) -> RefundPayments:
        """As the use case takes it. Raises Invalid."""
        amounts = {
            refund.payment_id: refund.amount.to_money(f"refunds[{place}].amount") if refund.amount else None
            for place, refund in enumerate(self.refunds)
        }
        named = {
            refund.payment_id: named_of(refund.allocations, f"refunds[{place}].")
            for place, refund in enumerate(self.refunds)
        }
        return RefundPayments(amounts, self.to_terms(), named)
