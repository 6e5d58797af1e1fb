"""A refund as it is asked for: how much, why, and what it is for, where that is said (`PAY-4`, `PAY-19`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Self
from uuid import UUID

from chassis.http import MoneyIn
from pydantic import ConfigDict, Field, model_validator

from payments.domain.named_allocation import NamedAllocation
from payments.http.refusing import require_each_once
from payments.http.requests import GROUP, INVOICE, SELECTED_MAX, Body, TermsIn
from payments.use_cases.refund_payment import RefundPayment
from payments.use_cases.refund_payments import RefundPayments

LINE = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c07"


class RefundedLineIn(Body):
    """A line of the invoice, and how much of it goes back, tax included; without an amount, all that is left of it."""

    line_id: UUID
    amount: MoneyIn | None = None


class RefundedAllocationIn(Body):
    """An invoice that the money comes from; without an amount, as much of the refund as the payment settles there."""

    invoice_id: UUID
    amount: MoneyIn | None = None
    lines: Annotated[tuple[RefundedLineIn, ...], Field(max_length=200)] = ()
    """What it is for: the credit note credits these lines and nothing else. Less left of them than goes back is
    refused."""

    def to_named(self, field: str) -> NamedAllocation:
        """As the domain takes it. Raises Invalid."""
        lines = tuple(
            (one.line_id, one.amount.to_money(f"{field}.lines[{n}].amount") if one.amount else None)
            for n, one in enumerate(self.lines)
        )
        amount = self.amount.to_money(f"{field}.amount") if self.amount else None
        return NamedAllocation(self.invoice_id, amount, lines)


def named_of(allocations: tuple[RefundedAllocationIn, ...], within: str = "") -> tuple[NamedAllocation, ...]:
    """As the domain takes them; `within` is where in the request they are. Raises Invalid."""
    return tuple(one.to_named(f"{within}allocations[{n}]") for n, one in enumerate(allocations))


class RefundIn(TermsIn):
    """A refund; what settled an invoice goes back only for a reason other than overpayment (`PAY-4`).

    `allocations` says which invoices the money comes from, and for which lines; else the unallocated part goes first,
    then what was settled last.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "amount": {"amount": "20.00", "currency": "USD"},
                    "reason_code": "treatment_changed",
                    "reason": "one filling less than planned",
                },
                {
                    "amount": {"amount": "59.50", "currency": "EUR"},
                    "reason_code": "complaint",
                    "reason": "the brush was broken",
                    "allocations": [{"invoice_id": INVOICE, "lines": [{"line_id": LINE}]}],
                },
            ]
        }
    )

    amount: MoneyIn
    allocations: Annotated[tuple[RefundedAllocationIn, ...], Field(max_length=50)] = ()

    def to_command(self, payment_id: UUID) -> RefundPayment:
        """As the use case takes it. Raises Invalid."""
        terms = replace(self.to_terms(), named=named_of(self.allocations))
        return RefundPayment(payment_id=payment_id, amount=self.amount.to_money("amount"), terms=terms)


class SelectedRefundIn(Body):
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
        require_each_once([one.payment_id for one in self.refunds], "refunds", "payment_id")
        return self

    def to_command(self) -> RefundPayments:
        """As the use case takes it. Raises Invalid."""
        amounts = {
            one.payment_id: one.amount.to_money(f"refunds[{place}].amount") if one.amount else None
            for place, one in enumerate(self.refunds)
        }
        named = {
            one.payment_id: named_of(one.allocations, f"refunds[{place}].") for place, one in enumerate(self.refunds)
        }
        return RefundPayments(amounts, self.to_terms(), named)
