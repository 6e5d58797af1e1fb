"""What a price list says of a code from a day on (`INV-19`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing.domain.clinic_settings import PricedCode

PRODUCTS = "SKU"
"""The code system of what `/v1/products` keeps."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """What a list says of a code from a day on; amounts are minor units, None is nothing said.

    `allowed` and `covered_percent` are the payer's: what it allows for the code, and how much of it it pays (`INS-1`).
    """

    code_system: str
    code: str
    valid_from: date | None = None
    description: str | None = None
    unit_price: int | None = None
    tax_code: str | None = None
    allowed: int | None = None
    covered_percent: Decimal | None = None
    removed: bool = False

    @property
    def priced(self) -> PricedCode | None:
        """Its price; None where it says only what the payer covers, or nothing any more."""
        if self.unit_price is None or self.removed:
            return None
        return PricedCode(
            self.code_system, self.code, self.description or "", self.unit_price, self.tax_code, self.valid_from
        )


Entries = Mapping[str, Sequence[ListEntry]]
"""A list's entries by code."""
