"""How an amount is spread over the invoices that a request names, up to what each still asks for (`PAY-2`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.money import Money

from payments.domain.allocation_errors import (
    AllocationsExceedAmount,
    InvoiceNamedTwice,
    MoreThanOutstanding,
    NotAllocated,
)
from payments.domain.errors import AmountNotPositive, InvoiceIsVoid, InvoiceUnknown, WrongCurrency
from payments.domain.invoice_balance import InvoiceBalance


@dataclass(frozen=True, slots=True)
class Wish:
    """An invoice that a payment is for, perhaps one installment of it; without an amount, as much as possible."""

    invoice_id: UUID
    amount: Money | None = None
    installment_id: UUID | None = None

    @property
    def amount_minor(self) -> int | None:
        """The amount in minor units, where one is wished."""
        return self.amount.minor if self.amount is not None else None


@dataclass(frozen=True, slots=True)
class Share:
    """What an invoice gets, perhaps for one of its installments."""

    invoice: InvoiceBalance
    minor: int
    installment_id: UUID | None = None


def require_currency(wishes: Sequence[Wish], currency: str) -> None:
    """See that what is wished is in the clinic's currency. Raises WrongCurrency naming the wish (`MON-2`)."""
    for position, wish in enumerate(wishes):
        if wish.amount is not None and wish.amount.currency != currency:
            raise WrongCurrency(currency, f"allocations[{position}].amount.currency")


def require_currency_of(invoice: InvoiceBalance, currency: str, field: str) -> None:
    """See that an invoice is in the currency of the money for it. Raises WrongCurrency (`MON-2`).

    A clinic's currency stays here once it has money; invoicing can have changed it before it heard of that money.
    """
    if invoice.currency != currency:
        raise WrongCurrency(invoice.currency, field, f"the money is in {currency}; the currency of {invoice.number}")


def spread(
    amount: Money,
    wishes: Sequence[Wish],
    invoices: Mapping[UUID, InvoiceBalance],
    *,
    surplus_allowed: bool,
    limits: Mapping[UUID, int] | None = None,
    void_allowed: bool = False,
) -> list[Share]:
    """Spread an amount over invoices in the order of the wishes; fixed amounts are served before open ones.

    What was written off as bad debt is taken, too (`INV-17`). No wish at all is a deposit. `limits` are of invoices
    that take less of this payer than they ask for: what is above them is kept, and no surplus. Where `void_allowed`, so
    is what came for a void invoice. Raises InvoiceUnknown, InvoiceIsVoid, WrongCurrency, InvoiceNamedTwice,
    AllocationsExceedAmount, and, where something is left over and no surplus is allowed, MoreThanOutstanding, or
    NotAllocated where each wish is for an amount.
    """
    _check(amount, wishes, invoices, void_allowed=void_allowed)
    left = amount.minor - sum(wish.amount_minor or 0 for wish in wishes)
    kept = 0
    shares: list[Share] = []
    for position, wish in enumerate(wishes):
        invoice = invoices[wish.invoice_id]
        asked = left if wish.amount_minor is None else wish.amount_minor
        payable = min(asked, invoice.payable_minor)
        given = min(payable, (limits or {}).get(wish.invoice_id, payable))
        if wish.amount_minor is None:
            left -= given
            kept += payable - given
        elif payable < asked:
            _refuse_surplus(f"allocations[{position}].amount", asked - payable, [invoice], allowed=surplus_allowed)
        if given:
            shares.append(Share(invoice, given, wish.installment_id))
    left = max(0, left - kept)
    if wishes and left and not surplus_allowed and all(wish.amount_minor is not None for wish in wishes):
        raise NotAllocated(Money(left, amount.currency))
    if wishes and left:
        _refuse_surplus("amount", left, [invoices[wish.invoice_id] for wish in wishes], allowed=surplus_allowed)
    return shares


def _check(
    amount: Money, wishes: Sequence[Wish], invoices: Mapping[UUID, InvoiceBalance], *, void_allowed: bool
) -> None:
    if amount.minor <= 0:
        raise AmountNotPositive
    named: set[UUID] = set()
    for position, wish in enumerate(wishes):
        if wish.invoice_id in named:
            raise InvoiceNamedTwice(wish.invoice_id, f"allocations[{position}].invoice_id")
        named.add(wish.invoice_id)
        if wish.amount_minor is not None and wish.amount_minor <= 0:
            raise AmountNotPositive(f"allocations[{position}].amount")
        invoice = invoices.get(wish.invoice_id)
        if invoice is None:
            raise InvoiceUnknown(wish.invoice_id, f"allocations[{position}].invoice_id")
        if invoice.void and not void_allowed:
            raise InvoiceIsVoid(invoice.invoice_id, invoice.number, f"allocations[{position}].invoice_id")
        require_currency_of(invoice, amount.currency, f"allocations[{position}].invoice_id")
    fixed = sum(wish.amount_minor or 0 for wish in wishes)
    if fixed > amount.minor:
        raise AllocationsExceedAmount(Money(fixed, amount.currency), amount)


def _refuse_surplus(field: str, surplus_minor: int, invoices: Sequence[InvoiceBalance], *, allowed: bool) -> None:
    if allowed:
        return
    currency = invoices[0].currency
    outstanding = [(invoice.invoice_id, invoice.number, invoice.outstanding) for invoice in invoices]
    raise MoreThanOutstanding(field, Money(surplus_minor, currency), outstanding)
