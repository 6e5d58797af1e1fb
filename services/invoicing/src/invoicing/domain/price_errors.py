"""Why a price cannot be asked: foreign, changed since it was seen, or looked at by nobody yet (`MON-2`, `MON-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.money import Money
from chassis.sentence import Sentence

from invoicing.domain.errors import Invalid, InvoicingError
from invoicing.domain.totals import TaxGroup, Totals

LISTS_NAMED = 10
"""How many price lists a refusal names."""


class FeeInOtherCurrency(Invalid):
    """The clinical system's fee is not in the clinic's currency, and no price is given (`MON-2`)."""

    def __init__(self, field: str, fee: Money | None, wanted: str) -> None:
        named = f"the fee is {fee}" if fee is not None else "the fee is in another currency"
        super().__init__(field, f"{named} and the clinic bills in {wanted}: name the unit_price in {wanted}")


class PricesChanged(InvoicingError):
    """A draft comes to something else than it was last seen with; a person confirms what it comes to now (`MON-9`)."""

    field = "confirmation"

    def __init__(self, invoice_id: UUID, seen: Totals, now: Totals, currency: str, confirmation: str) -> None:
        how = "this confirmation" if seen.total == now.total else "this confirmation, or this total as confirmed_total"
        super().__init__(
            f"prices, rates or categories have changed: draft {invoice_id} {_changed(seen, now, currency)}; look at "
            f"it, and issue it with {how}"
        )
        self.invoice_id, self.seen, self.now, self.currency = invoice_id, seen, now, currency
        self.confirmation = confirmation

    @property
    def extensions(self) -> dict[str, Any]:
        """What it was seen with, what it comes to now, and the word that confirms that."""
        seen, now = self._shown(self.seen), self._shown(self.now)
        return {"seen": seen, "totals": now, "confirmation": self.confirmation}

    def _shown(self, totals: Totals) -> dict[str, Any]:
        names = ("net", "discount", "charge", "tax", "cash_rounding", "total")
        amounts = {name: self._money(getattr(totals, name)) for name in names}
        return amounts | {"taxes": [self._group(group) for group in totals.groups]}

    def _group(self, group: TaxGroup) -> dict[str, Any]:
        said = {"category": group.tax.category, "rate": f"{group.tax.rate.normalize():f}"}
        amounts = {"base": self._money(group.base), "tax": self._money(group.amount)}
        return said | amounts | {"exemption_reasons": list(group.reasons)}

    def _money(self, minor: int) -> dict[str, str]:
        amount = Money(minor, self.currency)
        return {"amount": amount.amount, "currency": amount.currency}


def _changed(seen: Totals, now: Totals, currency: str) -> str:
    """What is not as it was seen: the total, else the tax in it, else the prices of lines, categories and reasons."""
    was, total = Money(seen.total, currency), Money(now.total, currency)
    if was != total:
        return f"was seen with {was} and comes to {total} now"
    taxes = Money(seen.tax, currency), Money(now.tax, currency)
    if taxes[0] != taxes[1]:
        # Where prices include tax, another rate leaves the total as it was.
        return f"comes to {total} as before, the tax in it was seen as {taxes[0]} and is {taxes[1]} now"
    return f"comes to {total} as before, by other prices, tax categories or reasons of exemption than were seen"


class PriceNotReviewed(InvoicingError):
    """A procedure came without a price and the price list has none: a person decides before it is issued."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} has a procedure without a price: set it, or confirm it as reviewed")


class MoneyInOtherCurrency(InvoicingError):
    """A deposit came in before the currency changed: nothing is issued in one that the clinic's money is not in."""

    def __init__(self, of_document: str, of_money: str) -> None:
        self.of_document = of_document
        self.of_money = of_money
        super().__init__(
            f"it is in {of_document}, and the clinic's money is in {of_money}: delete its drafts and void its invoices "
            f"in {of_document}, set its currency to {of_money}, and bill anew"
        )


class PricesInCurrency(InvoicingError):
    """Price lists have prices in the present currency, whose minor units another would read as its own (`MON-2`)."""

    field = "currency"

    def __init__(self, currency: str, lists: Sequence[tuple[str, str]]) -> None:
        """Of each list its name, and one of what it has a price of."""
        named = ", ".join(f"'{name}' ({example})" for name, example in lists[:LISTS_NAMED])
        super().__init__(
            Sentence(
                "price lists have prices in {currency}, {lists}: set those entries as removed, archived "
                "lists' too, then change the currency and set them anew",
                currency=currency,
                lists=named + (", …" if len(lists) > LISTS_NAMED else ""),
            )
        )
