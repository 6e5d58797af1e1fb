"""A refund as it is asked for: how much, why, and what it is for, where that is said (`PAY-4`, `PAY-19`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from chassis.http import MoneyIn
from pydantic import ConfigDict, Field

from payments.domain.named_allocation import NamedAllocation
from payments.http.requests import INVOICE, Body, TermsIn
from payments.use_cases.refund_payment import RefundPayment

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
    """What it is for. The credit note credits these lines, as far as something is left of them; then the rest."""

    def to_named(self, field: str) -> NamedAllocation:
        """As the domain takes it. Raises Invalid."""
        lines = tuple(
            (one.line_id, one.amount.to_money(f"{field}.lines[{n}].amount").minor if one.amount else None)
            for n, one in enumerate(self.lines)
        )
        amount = self.amount.to_money(f"{field}.amount") if self.amount else None
        return NamedAllocation(self.invoice_id, amount, lines)


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
        named = tuple(one.to_named(f"allocations[{n}]") for n, one in enumerate(self.allocations))
        terms = replace(self.to_terms(), named=named)
        return RefundPayment(payment_id=payment_id, amount=self.amount.to_money("amount"), terms=terms)
