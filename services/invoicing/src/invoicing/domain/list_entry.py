"""What a price list says of a code from a day on (`INV-19`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing.domain.clinic_settings import PricedCode
from invoicing.domain.line import ONE

PRODUCTS = "SKU"
"""The code system of what `/v1/products` keeps."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """What a list says of a code from a day on; minor units, perhaps with a fraction; None is nothing said.

    `allowed` and `covered_percent` are the payer's: what it allows for the code, and how much of it it pays (`INS-1`).
    Price and allowed fee are for `base_quantity` (`MON-7`).
    """

    code_system: str
    code: str
    valid_from: date | None = None
    description: str | None = None
    unit_price: int | Decimal | None = None
    tax_code: str | None = None
    allowed: int | Decimal | None = None
    covered_percent: Decimal | None = None
    removed: bool = False
    base_quantity: Decimal = ONE

    @property
    def priced(self) -> PricedCode | None:
        """Its price; None where it says only what the payer covers, or nothing any more."""
        if self.unit_price is None or self.removed:
            return None
        return PricedCode(
            self.code_system,
            self.code,
            self.description or "",
            self.unit_price,
            self.tax_code,
            self.valid_from,
            self.base_quantity,
        )


Entries = Mapping[str, Sequence[ListEntry]]
"""A list's entries by code."""
