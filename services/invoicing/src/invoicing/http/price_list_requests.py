"""What requests about price lists and products say (`INV-19`)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from chassis.http import NOT_BLANK, RequestBody
from chassis.http.time import Day
from pydantic import ConfigDict, Field, StrictBool

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.list_entry import PRODUCTS, ListEntry
from invoicing.domain.price_list import PriceList
from invoicing.http.adjustment_requests import Percent, PriceIn
from invoicing.http.field_types import Text
from invoicing.http.line_requests import BaseQuantity, Code, Name

ENTRIES_MAX = 5_000
"""How many entries one request sets, all or none."""
Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=NOT_BLANK)]
LIST_ID, PAYER_ID = "018f0000-0000-7000-8000-0000000000e1", "018f0000-0000-7000-8000-0000000000e2"
WHY = "the insurer's fees of the new year"
LIST_EXAMPLE: dict[str, Any] = {
    "name": "Delta Dental",
    "payer_id": PAYER_ID,
    "membership": None,
    "is_default": False,
    "archived": False,
}
ENTRY_EXAMPLE: dict[str, Any] = {
    "code_system": "CDT",
    "code": "D1110",
    "valid_from": "2027-01-01",
    "description": "Prophylaxis, adult",
    "unit_price": {"amount": "95.00", "currency": "USD"},
    "base_quantity": "1",
    "tax_category": None,
    "allowed": {"amount": "80.00", "currency": "USD"},
    "covered_percent": "80",
}
PRODUCT_EXAMPLE: dict[str, Any] = {
    "sku": "BRUSH-SOFT",
    "valid_from": None,
    "description": "Toothbrush, soft",
    "unit_price": {"amount": "4.50", "currency": "USD"},
    "base_quantity": "1",
    "tax_category": "MA",
}


class PriceListIn(RequestBody):
    """A price list: its name, and whose patients it is for."""

    model_config = ConfigDict(json_schema_extra={"example": {**LIST_EXAMPLE, "reason": WHY}})

    name: Name
    payer_id: UUID | None = None
    """Its prices are those of visits that this insurer is asked first for."""
    membership: Name | None = None
    """Its prices are those of drafts that name this membership."""
    is_default: StrictBool = False
    """Asked where no other list says a price; after it the `price_list` of the clinic's settings."""
    archived: StrictBool = False
    """Not asked any more; what it said stays."""
    reason: Reason
    """Why; kept with the version (`ALL-5`)."""

    def to_domain(self, clinic_id: UUID, list_id: UUID) -> PriceList:
        """As the domain takes it."""
        return PriceList(
            list_id, clinic_id, self.name, 0, self.payer_id, self.membership, self.is_default, self.archived
        )


class EntryIn(RequestBody):
    """What a list says of a code from a day on; it replaces what it said of the same code and first day."""

    model_config = ConfigDict(json_schema_extra={"example": ENTRY_EXAMPLE | {"removed": False}})

    code_system: Code
    code: Code
    valid_from: Day | None = None
    """Its first day, by the day of service; without one it holds until another entry of the code begins."""
    description: Text | None = None
    unit_price: PriceIn | None = None
    """With up to 6 decimals, whatever the currency has (`MON-7`). Without one, the next list is asked for the price."""
    base_quantity: BaseQuantity = "1"
    """For how many `unit_price` is, and `allowed`: 0.88 for 100."""
    tax_category: Code | None = None
    allowed: PriceIn | None = None
    """What the list's payer allows for it, where that is not the price; it may be as fine."""
    covered_percent: Percent | None = None
    """How much of that the payer pays: an insured visit's estimates follow from it (`INS-1`)."""
    removed: StrictBool = False
    """The list says nothing of this code and first day any more."""

    def entry(self, settings: ClinicSettings, field: str) -> ListEntry:
        """As the domain takes it. Raises Invalid, WrongCurrency naming the place."""
        return ListEntry(
            self.code_system,
            self.code,
            self.valid_from,
            self.description,
            self.unit_price.minor(settings, f"{field}.unit_price") if self.unit_price else None,
            self.tax_category,
            self.allowed.minor(settings, f"{field}.allowed") if self.allowed else None,
            None if self.covered_percent is None else Decimal(self.covered_percent),
            self.removed,
            Decimal(self.base_quantity),
        )


class EntriesIn(RequestBody):
    """Entries to set, all or none; the list's other entries stay."""

    model_config = ConfigDict(json_schema_extra={"example": {"entries": [ENTRY_EXAMPLE], "reason": WHY}})

    entries: Annotated[tuple[EntryIn, ...], Field(min_length=1, max_length=ENTRIES_MAX)]
    reason: Reason


class ProductIn(RequestBody):
    """A product as it is sold from a day on; it replaces what was said of the same SKU and first day."""

    model_config = ConfigDict(json_schema_extra={"example": PRODUCT_EXAMPLE | {"removed": False}})

    sku: Code
    valid_from: Day | None = None
    description: Text
    unit_price: PriceIn
    """With up to 6 decimals, whatever the currency has (`MON-7`)."""
    base_quantity: BaseQuantity = "1"
    """For how many it is."""
    tax_category: Code | None = None
    """Without one, that of products in the clinic's settings."""
    removed: StrictBool = False

    def entry(self, settings: ClinicSettings, field: str) -> ListEntry:
        """As the domain takes it. Raises Invalid, WrongCurrency naming the place."""
        return ListEntry(
            PRODUCTS,
            self.sku,
            self.valid_from,
            self.description,
            self.unit_price.minor(settings, f"{field}.unit_price"),
            self.tax_category,
            removed=self.removed,
            base_quantity=Decimal(self.base_quantity),
        )


class ProductsIn(RequestBody):
    """Products to set, all or none; all others stay."""

    model_config = ConfigDict(json_schema_extra={"example": {"products": [PRODUCT_EXAMPLE], "reason": "the new brush"}})

    products: Annotated[tuple[ProductIn, ...], Field(min_length=1, max_length=ENTRIES_MAX)]
    reason: Reason
