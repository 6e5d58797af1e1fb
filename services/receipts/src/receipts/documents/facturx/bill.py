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
    """Each that has no tax says why."""
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
    def categories(self) -> frozenset[str]:
        """The tax categories that something of it is in (UNCL 5305)."""
        of_charges = (charge.tax_category for charge in self.charges if charge.tax_category)
        return frozenset(
            [*(group.category for group in self.taxes), *(x.tax_category for x in self.lines), *of_charges]
        )

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
    not, and has two decimals at most in every currency.
    """
    if bill.seller.address is None or not bill.seller.tax_number:
        return "the clinic has no address or tax number"
    if not bill.lines:
        return "it has no line"
    if any(charge.tax_category is None for charge in bill.charges):
        return "it is not known how a charge is taxed"
    if any(written(amount) is None for amount in _amounts(bill)):
        return "an amount has three decimals"
    return _untaxable(bill)


def _untaxable(bill: Bill) -> str | None:
    """Why it has no words for how the bill is taxed: each category asks for what identifies seller and buyer.

    A patient has no VAT identifier and no register's number.
    """
    categories, vat_number = bill.categories, bill.seller.vat_number
    if "O" in categories and len(categories) > 1:
        return "something is outside the scope of tax, and something else is not (BR-O-11 to 14)"
    if categories & {"AE", "K"}:
        return "a reverse charge or an intra-community supply asks for the buyer's VAT identifier (BR-AE-2, BR-IC-2)"
    if "G" in categories and vat_number is None:
        return "an export asks for the seller's VAT identifier (BR-G-2)"
    if "B" in categories and ("S" in categories or _countries(bill) != {"IT"}):
        return "a split payment is of Italy alone, and not beside the standard rate (BR-B-1, BR-B-2)"
    if any(category == "S" and not Decimal(rate) for category, rate in _rates(bill)):
        return "a standard rate is above zero (BR-S-5 to 7)"
    return None


def _countries(bill: Bill) -> set[str]:
    """Where seller and buyer are; a buyer of whom it is not known is where the seller is."""
    return {address.country for address in (bill.seller.address, bill.buyer.address) if address}


def _rates(bill: Bill) -> set[tuple[str, str]]:
    return {(line.tax_category, line.tax_rate) for line in bill.lines} | {
        (charge.tax_category or "", charge.tax_rate or "0") for charge in bill.charges
    }


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
