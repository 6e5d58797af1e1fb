"""What EN 16931 says of an invoice or note: its terms (`BT-…`) as plain values, whatever they are written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from chassis.money import Money

from receipts.documents.content.people import Party
from receipts.domain.people import Clinic
from receipts.domain.printed_invoice import TaxGroup
from receipts.domain.settings import PaymentDetails

TypeCode = Literal["380", "381", "383"]
"""UNTDID 1001: a commercial invoice, a credit note, a debit note."""
_DECIMALS_MAX = 2
"""So many decimals the amounts of EN 16931 have, in every currency (BR-DEC)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An allowance or charge; `amount` is never below zero."""

    charge: bool
    amount: Money
    reason: str
    tax_category: str | None = None
    tax_rate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillLine:
    """quantity x price / base quantity, rounded, and the adjustments make `net` (BR-CO-10)."""

    position: int
    name: str
    code: str | None
    comment: str | None
    quantity: Decimal
    price: Decimal
    base_quantity: Decimal
    tax_category: str
    tax_rate: str
    day: date | None
    adjustments: tuple[Adjustment, ...]
    net: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """net of lines + charges + tax = what it comes to, and with the rounding what is due."""

    type_code: TypeCode
    number: str
    issued_on: date
    due_on: date | None
    terms: str | None
    comments: tuple[str, ...]
    seller: Clinic
    buyer: Party
    lines: tuple[BillLine, ...]
    charges: tuple[Adjustment, ...]
    taxes: tuple[TaxGroup, ...]
    exempt: str
    """Why something is exempt, where no reason is known: that it is."""
    tax: Money
    cash_rounding: Money
    total: Money
    preceding: tuple[str, date] | None = None
    payment: PaymentDetails | None = None
    """Where it is paid to, if something is asked for."""

    @property
    def currency(self) -> str:
        """ISO 4217."""
        return self.total.currency

    @property
    def line_total(self) -> Money:
        """The sum of the lines' nets (BT-106)."""
        return Money(sum(line.net.minor for line in self.lines), self.currency)

    @property
    def charge_total(self) -> Money:
        """The sum of the document's charges (BT-108)."""
        return Money(sum(charge.amount.minor for charge in self.charges), self.currency)

    @property
    def delivered_on(self) -> date | None:
        """The last day of service (BT-72)."""
        return max((line.day for line in self.lines if line.day), default=None)


def unsayable(bill: Bill) -> str | None:
    """Why EN 16931 has no words for it; None where it has.

    It asks who sells by address and tax number, for at least one line (BR-16), which a note of cash rounding alone has
    not, has two decimals at most in every currency, and nothing outside the scope of tax beside what is within it.
    """
    categories = {group.category for group in bill.taxes}
    if bill.seller.address is None or not bill.seller.tax_number:
        return "the clinic has no address or tax number"
    if not bill.lines:
        return "it has no line"
    if "O" in categories and len(categories) > 1:
        return "something is outside the scope of tax, and something else is not"
    if any(charge.tax_category is None for charge in bill.charges):
        return "it is not known how a charge is taxed"
    if any(written(amount) is None for amount in _amounts(bill)):
        return "an amount has three decimals"
    return None


def written(amount: Money) -> str | None:
    """An amount with two decimals at most; None where it has more."""
    text = amount.amount
    whole, _, decimals = text.partition(".")
    if len(decimals) <= _DECIMALS_MAX:
        return text
    return None if decimals[_DECIMALS_MAX:].strip("0") else f"{whole}.{decimals[:_DECIMALS_MAX]}"


def _amounts(bill: Bill) -> list[Money]:
    of_lines = [adjustment.amount for line in bill.lines for adjustment in line.adjustments] + [
        line.net for line in bill.lines
    ]
    of_groups = [amount for group in bill.taxes for amount in (group.base, group.tax)]
    charges = [charge.amount for charge in bill.charges]
    return [*of_lines, *charges, *of_groups, bill.tax, bill.cash_rounding, bill.total]
