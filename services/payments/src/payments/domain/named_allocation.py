"""What a refund names that its money comes from: invoices that the payment settles, and lines of them (`PAY-19`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation_errors import AllocationsExceedAmount, InvoiceNamedTwice
from payments.domain.errors import AmountNotPositive, PaymentsError, WrongCurrency, wire

NamedLine = tuple[UUID, Money | None]
"""A line of an invoice, and how much of it goes back, tax included; as much as is left of it, where it is not said."""


@dataclass(frozen=True, slots=True)
class NamedAllocation:
    """An invoice that money comes from, how much (as much as there is, where it is not said), and for which lines."""

    invoice_id: UUID
    amount: Money | None = None
    lines: tuple[NamedLine, ...] = ()


class LessSettledThere(PaymentsError):
    """The payment settles less there than is to come from it (`PAY-19`)."""

    def __init__(self, field: str, invoice_id: UUID, asked: Money, there: Money) -> None:
        self.field = field
        self.invoice_id = invoice_id
        self.extensions = {"invoice_id": str(invoice_id), "allocated": wire(there)}
        super().__init__(f"of the payment {there} settles this invoice, less than {asked}; its allocations say what")


def shares_of(
    named: Sequence[NamedAllocation], amount: Money, settles: Mapping[UUID, int]
) -> list[tuple[NamedAllocation, int]]:
    """How much of a refund comes from each; what no fixed amount has goes by the usual order.

    Raises InvoiceNamedTwice, WrongCurrency, AmountNotPositive, AllocationsExceedAmount, LessSettledThere.
    """
    _check(named, amount)
    left = amount.minor - sum(allocation.amount.minor for allocation in named if allocation.amount is not None)
    shares: list[tuple[NamedAllocation, int]] = []
    for position, allocation in enumerate(named):
        there = settles.get(allocation.invoice_id, 0)
        asked = allocation.amount.minor if allocation.amount is not None else min(left, there)
        if allocation.amount is None:
            left -= asked
        if there < max(1, asked):
            field = f"allocations[{position}].{'invoice_id' if allocation.amount is None else 'amount'}"
            wanted = amount if allocation.amount is None else allocation.amount
            raise LessSettledThere(field, allocation.invoice_id, wanted, Money(there, amount.currency))
        _check_lines(allocation, Money(asked, amount.currency), f"allocations[{position}].lines")
        shares.append((allocation, asked))
    open_ones = [allocation for allocation in named if allocation.amount is None]
    if left > 0 and open_ones:
        last = open_ones[-1].invoice_id
        raise LessSettledThere("amount", last, amount, Money(settles.get(last, 0), amount.currency))
    return shares


def _check(named: Sequence[NamedAllocation], amount: Money) -> None:
    seen: set[UUID] = set()
    for position, allocation in enumerate(named):
        if allocation.invoice_id in seen:
            raise InvoiceNamedTwice(allocation.invoice_id, f"allocations[{position}].invoice_id")
        seen.add(allocation.invoice_id)
        if allocation.amount is not None and allocation.amount.currency != amount.currency:
            raise WrongCurrency(amount.currency, f"allocations[{position}].amount.currency")
        if allocation.amount is not None and allocation.amount.minor <= 0:
            raise AmountNotPositive(f"allocations[{position}].amount")
    fixed = sum(allocation.amount.minor for allocation in named if allocation.amount is not None)
    if fixed > amount.minor:
        raise AllocationsExceedAmount(Money(fixed, amount.currency), amount)


def _check_lines(named: NamedAllocation, share: Money, field: str) -> None:
    said = [(place, amount) for place, (_, amount) in enumerate(named.lines) if amount is not None]
    for place, amount in said:
        if amount.currency != share.currency:
            raise WrongCurrency(share.currency, f"{field}[{place}].amount.currency")
        if amount.minor <= 0:
            raise AmountNotPositive(f"{field}[{place}].amount")
    in_all = sum(amount.minor for _, amount in said)
    if in_all > share.minor:
        raise AllocationsExceedAmount(Money(in_all, share.currency), share, field)
