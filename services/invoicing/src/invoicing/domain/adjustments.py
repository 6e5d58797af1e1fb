"""What changes a document as a whole: its discounts and its charges, each perhaps of one tax category (`INV-13`)."""

from __future__ import annotations

from dataclasses import dataclass

from invoicing.domain.discount import Charge, Discount
from invoicing.domain.line import Tax


@dataclass(frozen=True, slots=True)
class DocumentCharge:
    """A charge of the document and its tax: it stands beside the lines, in the tax group of its own tax (`INV-12`)."""

    charge: Charge
    tax: Tax


@dataclass(frozen=True, slots=True)
class Adjustments:
    """All of a document's discounts and charges. `discount` is the one that is said by itself, others may follow it."""

    discount: Discount | None = None
    discounts: tuple[Discount, ...] = ()
    charges: tuple[DocumentCharge, ...] = ()

    @property
    def named_discounts(self) -> list[tuple[str, Discount]]:
        """Every discount, and what a request calls it."""
        first = [("discount", self.discount)] if self.discount else []
        return first + [(f"discounts[{place}]", one) for place, one in enumerate(self.discounts)]


NO_ADJUSTMENTS = Adjustments()
