"""An invoice as it was frozen at issue, and as its PDF and the receipts of its payments print it (`RCP-2`, `INV-6`)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What was added to a line or to the document, and why (`INV-12`)."""

    reason: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCharge(Charge):
    """A charge of the document, with how it is taxed; what was frozen by an older release does not say."""

    tax_category: str | None = None
    tax_rate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDetails:
    """What is printed with a line's description, in this order, each by the text of its name in the catalogs.

    One that is added has a default (`= None`), as all further members here: what was frozen before does not say it.
    """

    code: str | None
    tooth: str | None
    surface: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine(LineDetails):
    """One line; `net` is after charges and discounts, and below zero where goods were returned (`INV-14`)."""

    position: int
    kind: str
    description: str
    quantity: str
    unit_price: Money
    discount: Money
    net: Money
    tax_category: str
    tax_rate: str
    date_of_service: date | None
    provider_name: str | None
    price: str | None = None
    """The price as it was agreed, where it is finer than the currency or for more than one (`MON-7`)."""
    base_quantity: str = "1"
    charges: tuple[Charge, ...] = ()
    exemption_reason: str | None = None
    """Why this line is exempt (`MON-10`); what was frozen by an older release does not say."""
    line_id: UUID | None = None
    """What a refund names it by (`PAY-19`); what was frozen by an older release does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxGroup:
    """The tax of one category and rate."""

    category: str
    rate: str
    base: Money
    tax: Money
    exemption_reason: str | None
    exemption_reasons: tuple[str, ...] = ()
    """All of them, where there are several (`MON-10`)."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is exempt: every reason."""
        return self.exemption_reasons or ((self.exemption_reason,) if self.exemption_reason else ())


@dataclass(frozen=True, slots=True, kw_only=True)
class InsurerShare:
    """What an insurer is expected to pay: an estimate (`INS-1`)."""

    payer_name: str
    expected: Money
    write_off: Money
    sequence: str | None = None
    """In which turn the insurer is asked (`INS-4`); what was frozen by an older release does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedInvoice:
    """An issued invoice as its event told it, to be printed."""

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
    charges: tuple[DocumentCharge, ...] = ()
    """Charges of the document, before tax as the lines are: with them they add up to `net` (`INV-12`)."""
    patient_share: Money | None = None
    """What is expected to be left for the patient (`INS-1`); without it, all that no insurer is expected to pay."""

    def lines_named(self, ids: Collection[UUID]) -> tuple[InvoiceLine, ...] | None:
        """Those that are named; None where none is, or where it is not known which they are (`PAY-19`)."""
        if not ids or any(line.line_id is None for line in self.lines):
            return None
        return tuple(line for line in self.lines if line.line_id in ids)

    @property
    def asked_of_patient(self) -> Money:
        """What its PDF asks for: where insurers are expected to pay, the patient's share; never below zero."""
        asked = self.expected_of_patient if self.insurers else self.total
        return Money(max(0, asked.minor), asked.currency)

    @property
    def expected_of_patient(self) -> Money:
        """The patient's share as estimated: never what was decided or paid (`INS-1`)."""
        if self.patient_share is not None:
            return self.patient_share
        insured = sum(share.expected.minor + share.write_off.minor for share in self.insurers)
        return Money(self.total.minor - insured, self.total.currency)


@dataclass(frozen=True, slots=True)
class KeptInvoice:
    """An invoice with what it says, and whether it became void."""

    invoice_id: UUID
    number: str
    content: dict[str, Any]
    voided_at: datetime | None
    void_reason: str | None
