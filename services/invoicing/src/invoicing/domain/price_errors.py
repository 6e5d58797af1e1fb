"""Why a price cannot be asked: foreign, changed since it was seen, or looked at by nobody yet (`MON-2`, `MON-9`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.money import Money

from invoicing.domain.errors import Invalid, InvoicingError
from invoicing.domain.totals import Totals


class FeeInOtherCurrency(Invalid):
    """The clinical system's fee is not in the clinic's currency, and no price is given (`MON-2`)."""

    def __init__(self, field: str, fee: Money | None, wanted: str) -> None:
        named = f"the fee is {fee}" if fee is not None else "the fee is in another currency"
        super().__init__(field, f"{named} and the clinic bills in {wanted}: name the unit_price in {wanted}")


class PricesChanged(InvoicingError):
    """A draft comes to something else than it was last seen with; a person confirms the new total (`MON-9`)."""

    field = "confirmed_total"

    def __init__(self, invoice_id: UUID, seen: Totals, now: Totals, currency: str) -> None:
        was, total = Money(seen.total, currency), Money(now.total, currency)
        changed = f"was seen with {was} and comes to {total} now"
        if was == total:
            # Where prices include tax, another rate leaves the total as it was.
            taxes = Money(seen.tax, currency), Money(now.tax, currency)
            changed = f"comes to {total} as before, the tax in it was seen as {taxes[0]} and is {taxes[1]} now"
        super().__init__(
            f"prices, rates or categories have changed: draft {invoice_id} {changed}; look at it, and issue it with "
            "this total as confirmed_total"
        )
        self.invoice_id, self.seen, self.now, self.currency = invoice_id, seen, now, currency

    @property
    def extensions(self) -> dict[str, Any]:
        """What it was seen with, and what it comes to now."""
        return {"seen": self._shown(self.seen), "totals": self._shown(self.now)}

    def _shown(self, totals: Totals) -> dict[str, Any]:
        names = ("net", "discount", "tax", "cash_rounding", "total")
        amounts = {name: Money(getattr(totals, name), self.currency) for name in names}
        return {name: {"amount": one.amount, "currency": one.currency} for name, one in amounts.items()}


class PriceNotReviewed(InvoicingError):
    """A procedure came without a price and the price list has none: a person decides before it is issued."""

    def __init__(self, invoice_id: UUID) -> None:
        super().__init__(f"invoice {invoice_id} has a procedure without a price: set it, or confirm it as reviewed")
