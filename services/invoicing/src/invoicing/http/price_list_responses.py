"""What responses about price lists and products say (`INV-19`)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from chassis.http import ResponseBody
from chassis.money import decimal_text
from pydantic import ConfigDict

from invoicing.domain.list_entry import ListEntry
from invoicing.domain.price_list import ListVersion, PriceList
from invoicing.http.line_responses import PriceOut
from invoicing.http.price_list_requests import ENTRY_EXAMPLE, LIST_EXAMPLE, LIST_ID, PRODUCT_EXAMPLE, WHY


class PriceListOut(ResponseBody):
    """A price list."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": LIST_ID, "version": 2, **LIST_EXAMPLE}})

    id: UUID
    name: str
    payer_id: UUID | None
    membership: str | None
    is_default: bool
    archived: bool
    version: int

    @classmethod
    def of(cls, kept: PriceList) -> PriceListOut:
        """As the wire has it."""
        return cls(**{name: getattr(kept, name) for name in cls.model_fields})


class PriceListVersionOut(ResponseBody):
    """One version of a list: what it was, how many entries it set, who made it, when and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                **LIST_EXAMPLE,
                "version": 2,
                "entries": 214,
                "changed_at": "2026-11-23T15:00:00Z",
                "changed_by": "owner:11d0",
                "reason": WHY,
            }
        }
    )

    version: int
    name: str
    payer_id: UUID | None
    membership: str | None
    is_default: bool
    archived: bool
    entries: int
    changed_at: datetime
    changed_by: str
    reason: str

    @classmethod
    def of(cls, version: ListVersion) -> PriceListVersionOut:
        """As the wire has it."""
        return cls(**{name: getattr(version, name) for name in cls.model_fields})


class EntryOut(ResponseBody):
    """What a list says of a code from a day on."""

    model_config = ConfigDict(json_schema_extra={"example": ENTRY_EXAMPLE})

    code_system: str
    code: str
    valid_from: date | None
    description: str | None
    unit_price: PriceOut | None
    base_quantity: str
    tax_category: str | None
    allowed: PriceOut | None
    covered_percent: str | None

    @classmethod
    def of(cls, entry: ListEntry, currency: str) -> EntryOut:
        """As the wire has it."""
        return cls(
            code_system=entry.code_system,
            code=entry.code,
            valid_from=entry.valid_from,
            description=entry.description,
            unit_price=_shown(entry.unit_price, currency),
            base_quantity=decimal_text(entry.base_quantity),
            tax_category=entry.tax_code,
            allowed=_shown(entry.allowed, currency),
            covered_percent=None if entry.covered_percent is None else decimal_text(entry.covered_percent),
        )


class ProductOut(ResponseBody):
    """A product as it is sold from a day on."""

    model_config = ConfigDict(json_schema_extra={"example": PRODUCT_EXAMPLE})

    sku: str
    valid_from: date | None
    description: str | None
    unit_price: PriceOut | None
    base_quantity: str
    tax_category: str | None

    @classmethod
    def of(cls, entry: ListEntry, currency: str) -> ProductOut:
        """As the wire has it."""
        return cls(
            sku=entry.code,
            valid_from=entry.valid_from,
            description=entry.description,
            unit_price=_shown(entry.unit_price, currency),
            base_quantity=decimal_text(entry.base_quantity),
            tax_category=entry.tax_code,
        )


def _shown(minor: int | Decimal | None, currency: str) -> PriceOut | None:
    return None if minor is None else PriceOut.of(minor, currency)
