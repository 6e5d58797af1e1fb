"""An invoice as it was frozen at issue, and as its PDF and the receipts of its payments print it (`RCP-2`, `INV-6`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One line; `net` is after discounts."""

    position: int
    kind: str
    code: str | None
    description: str
    quantity: str
    unit_price: Money
    discount: Money
    net: Money
    tax_category: str
    tax_rate: str
    date_of_service: date | None
    provider_name: str | None
    tooth: str | None
    surface: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """The tax of one category and rate."""

    category: str
    rate: str
    base: Money
    tax: Money
    exemption_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerShare:
    """What an insurer is expected to pay: an estimate (`INS-1`)."""

    payer_name: str
    expected: Money
    write_off: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedInvoice:
    """An issued invoice, as its event told."""

    invoice_id: UUID
    clinic_id: UUID
    patient_id: UUID
    number: str
    issue_date: date
    due_date: date
    prices_include_tax: bool
    lines: tuple[InvoiceLine, ...]
    net: Money
    discount: Money
    tax: Money
    cash_rounding: Money
    total: Money
    taxes: tuple[TaxGroup, ...]
    insurers: tuple[InsurerShare, ...]
    discount_reason: str | None
    note: str | None
