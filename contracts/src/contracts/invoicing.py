"""What invoicing announces: invoices drafted, issued, credited, debited, voided (`INV-6`, `INS-2`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Actor, Amount, Event, Part, event

TOPIC = "billing.invoices.v1"


class InvoiceLine(Part):
    """One line as it was frozen at issue (`INV-4`); `net` is after the line's and the document's discounts."""

    line_id: UUID
    position: Annotated[int, Field(ge=1)]
    kind: Literal["procedure", "extra_procedure", "product", "custom"]
    procedure_id: UUID | None = None
    code_system: str | None = None
    code: str | None = None
    description: str
    quantity: Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,4})?$", examples=["1"])]
    unit_price: Amount
    discount: Amount
    net: Amount
    tax_category: Annotated[str, Field(max_length=3, examples=["E"])]
    """UNCL 5305, as EN 16931 uses it: `S` standard, `E` exempt, `Z` zero rated, `O` outside the scope."""
    tax_rate: Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,4})?$", examples=["0"])]
    date_of_service: date | None = None
    provider_id: UUID | None = None
    tooth: str | None = None
    surface: str | None = None
    treatment_plan_id: UUID | None = None
    treatment_plan_item_id: UUID | None = None


class TaxTotal(Part):
    """The tax of one (category, rate): one rounding on the group's base (`MON-4`)."""

    category: str
    rate: str
    base: Amount
    tax: Amount
    exemption_reason: str | None = None


class InvoiceTotals(Part):
    """Totals that re-add: net + tax + cash rounding = total (`MON-4`, `MON-6`)."""

    net: Amount
    discount: Amount
    tax: Amount
    cash_rounding: Amount
    total: Amount
    taxes: tuple[TaxTotal, ...]


class RoundingPolicy(Part):
    """Which rounding made these totals, so that a later recomputation gives the same cents (`MON-4`)."""

    id: str
    version: int


class PayerShare(Part):
    """What one payer is expected to pay of an invoice: an estimate, never a payment (`INS-1`)."""

    payer_id: UUID
    payer_name: str
    expected: Amount
    write_off: Amount


@event("billing.invoice.drafted.v1", TOPIC)
class InvoiceDrafted(Event):
    """A draft was made; it has no number and asks for nothing yet (`INV-6`)."""

    invoice_id: UUID
    patient_id: UUID
    appointment_id: UUID | None = None
    total: Amount
    lines: Annotated[int, Field(ge=0)]
    """How many lines the draft had when it was made."""
    by: Actor


@event("billing.invoice.issued.v1", TOPIC)
class InvoiceIssued(Event):
    """An invoice was issued: frozen, numbered, owed. Carries all that a claim needs (`INS-2`)."""

    invoice_id: UUID
    patient_id: UUID
    number: str
    issue_date: date
    due_date: date
    appointment_id: UUID | None = None
    primary_payer_id: UUID | None = None
    primary_payer_name: str | None = None
    prices_include_tax: bool = False
    lines: Annotated[tuple[InvoiceLine, ...], Field(max_length=1000)]
    totals: InvoiceTotals
    rounding: RoundingPolicy
    payer_shares: tuple[PayerShare, ...] = ()
    document_discount_reason: str | None = None
    note: str | None = None
    by: Actor


class NoteLine(Part):
    """What a note changes on one tax group of the invoice."""

    invoice_line_id: UUID | None = None
    description: str
    net: Amount
    tax_category: str
    tax_rate: str
    tax: Amount


@event("billing.invoice.credited.v1", TOPIC)
class InvoiceCredited(Event):
    """A credit note lowered what an invoice asks for (`INV-6`, `MON-5`).

    `kind` `refund_adjustment` keeps the invoice as settled as it was after a refund; `refund_id` then names the refund,
    and payments, which counted it when it decided the refund, does not count it again (`PAY-4`).
    """

    credit_note_id: UUID
    invoice_id: UUID
    patient_id: UUID
    number: str
    invoice_number: str
    issue_date: date
    kind: Literal[
        "courtesy", "price_correction", "write_off", "refund_adjustment", "contractual_write_off", "undo_debit_note"
    ]
    reason: str
    refund_id: UUID | None = None
    undoes_id: UUID | None = None
    lines: tuple[NoteLine, ...]
    net: Amount
    tax: Amount
    total: Amount
    by: Actor


@event("billing.invoice.debited.v1", TOPIC)
class InvoiceDebited(Event):
    """A debit note raised what an invoice asks for, or undid a credit note (`INV-6`).

    `kind` `undo_refund_adjustment` follows the cancellation of a refund; `refund_id` then names that refund (`PAY-5`).
    """

    debit_note_id: UUID
    invoice_id: UUID
    patient_id: UUID
    number: str
    invoice_number: str
    issue_date: date
    kind: Literal["late_fee", "correction", "undo_credit_note", "undo_refund_adjustment"]
    reason: str
    refund_id: UUID | None = None
    undoes_id: UUID | None = None
    lines: tuple[NoteLine, ...]
    net: Amount
    tax: Amount
    total: Amount
    by: Actor


@event("billing.invoice.voided.v1", TOPIC)
class InvoiceVoided(Event):
    """An issued invoice with nothing paid on it became void; its procedures are free again (`INV-8`)."""

    invoice_id: UUID
    patient_id: UUID
    number: str
    voided_on: date
    total: Amount
    by: Actor
