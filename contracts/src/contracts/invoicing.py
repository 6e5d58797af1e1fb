"""What invoicing announces: invoices drafted, issued, credited, debited, voided (`INV-6`, `INS-2`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.claims import ClaimLine, ClaimOfInvoice
from contracts.event import (
    Actor,
    Amount,
    AppointmentId,
    Count,
    Day,
    Event,
    InvoiceId,
    Part,
    PatientId,
    PayerId,
    ProcedureId,
    Text,
    TreatmentPlanId,
    TreatmentPlanItemId,
    event,
)
from contracts.insurance import PayerSequence

TOPIC = "billing.invoices.v1"

InvoiceNumber = Annotated[
    Text, Field(max_length=60, description="The invoice's gapless number (`INV-7`).", examples=["INV-2026-000117"])
]
TaxCategory = Annotated[
    Text,
    Field(
        max_length=3,
        description="UNCL 5305, as EN 16931 uses it: `S` standard, `E` exempt, `Z` zero rated, `O` outside the scope.",
        examples=["E"],
    ),
]
TaxRate = Annotated[
    str, Field(pattern=r"^\d{1,3}(\.\d{1,4})?$", description="In percent, an exact decimal.", examples=["6.25"])
]


class LineEstimate(Part):
    """What one payer is expected to decide on a line; an estimate, kept apart from every decision (`INS-1`)."""

    payer_id: PayerId
    payer_identifier: Annotated[Text | None, Field(max_length=80, examples=["66001"])] = None
    """The insurer's electronic identifier: the same whatever name it goes by (X12 837 and 835)."""
    payer_sequence: PayerSequence = "primary"
    """In which turn this payer is asked (`INS-4`)."""
    claim_id: UUID | None = None
    """The claim, where there already is one."""
    allowed: Amount | None = None
    """What the payer's fee schedule allows."""
    expected: Amount
    """What the payer is expected to pay."""
    write_off: Amount
    """What the clinic's contract with the payer takes off."""
    patient_part: Amount
    """What is expected to be left for the patient."""


class UnitPrice(Part):
    """A price as it was agreed: it may be finer than the currency, and for more than one (`MON-7`)."""

    amount: Annotated[str, Field(pattern=r"^\d{1,15}(\.\d{1,6})?$", examples=["0.0088"])]
    """In the invoice's currency, an exact decimal."""
    base_quantity: Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,4})?$", examples=["100"])] = "1"
    """For how many it is."""


class LineCharge(Part):
    """What was added to a line, in the line's tax category (`INV-12`)."""

    amount: Amount
    """As priced (net or gross)."""
    reason: Annotated[Text, Field(max_length=500)]
    """As printed."""
    percent: Annotated[str | None, Field(pattern=r"^\d{1,3}(\.\d{1,4})?$")] = None
    """Where it was a percentage."""


class DocumentDiscount(Part):
    """A discount of the document; what it took off each line is in the line's `discount` (`INV-5`, `INV-13`)."""

    reason: Annotated[Text, Field(max_length=500)]
    """As printed."""
    percent: Annotated[str | None, Field(pattern=r"^\d{1,3}(\.\d{1,4})?$")] = None
    """Where it was a percentage."""
    amount: Amount | None = None
    """Where it was an amount."""
    tax_category: TaxCategory | None = None
    """Where it is limited to one."""


class DocumentCharge(Part):
    """A charge of the document: it stands beside the lines, in a tax group by its own tax (`INV-12`)."""

    reason: Annotated[Text, Field(max_length=500)]
    """As printed."""
    amount: Amount
    """What it adds before discounts, as priced (net or gross)."""
    net: Amount
    """What it adds to the invoice's net total, before tax."""
    percent: Annotated[str | None, Field(pattern=r"^\d{1,3}(\.\d{1,4})?$")] = None
    """Where it was a percentage."""
    tax_category: TaxCategory
    tax_rate: TaxRate
    exemption_reason: Annotated[Text | None, Field(max_length=200)] = None
    """Printed where the category is exempt."""


class InvoiceLine(ClaimLine):
    """One line as it was frozen at issue (`INV-4`); `net` is after the line's and the document's discounts."""

    line_id: UUID
    """The line; claims and notes name it."""
    position: Annotated[Count, Field(ge=1)]
    """Its place on the printed invoice."""
    kind: Literal["procedure", "extra_procedure", "product", "custom"]
    """A completed procedure, one typed in, an inventory product, or anything else (`INV-3`)."""
    procedure_id: ProcedureId | None = None
    code_system: Annotated[Text | None, Field(max_length=40, examples=["SNOMED-CT"])] = None
    """Which code table `code` is from; opaque."""
    code: Annotated[Text | None, Field(max_length=40, examples=["34043003"])] = None
    """The procedure code, or the SKU of a product; opaque."""
    description: Annotated[Text, Field(max_length=500)]
    """What it is, in words."""
    quantity: Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,4})?$", examples=["1"])]
    """An exact decimal."""
    returned: bool = False
    """Whether the goods came back: the quantity counts below zero, and so does `net` (`INV-14`)."""
    unit_price: Amount
    """Of one, before discounts; rounded, where `price` says it exactly."""
    price: UnitPrice | None = None
    """Where the price is finer than the currency or for more than one (`MON-7`)."""
    charges: Annotated[tuple[LineCharge, ...], Field(max_length=20)] = ()
    """What was added to the line; already in `net` (`INV-12`)."""
    discount: Amount
    """What the line's own and its part of the document's discount take off, together."""
    net: Amount
    """What the line adds to the invoice's net total, before tax."""
    charge: Amount | None = None
    """What a claim asks for the line: after discounts, as priced (net or gross)."""
    creditable: Amount | None = None
    """What of it can be credited, tax included; nothing of returned goods. Notes say what is left of it then."""
    tax_category: TaxCategory
    tax_rate: TaxRate
    exemption_reason: Annotated[Text | None, Field(max_length=200)] = None
    """Why this line is exempt; lines of one group may have different reasons (`MON-10`)."""
    date_of_service: Day | None = None
    """The day of the act, in the clinic's zone."""
    treatment_plan_id: TreatmentPlanId | None = None
    treatment_plan_item_id: TreatmentPlanItemId | None = None
    estimates: Annotated[tuple[LineEstimate, ...], Field(max_length=9)] = ()
    """What each payer is expected to decide (`INS-1`)."""


class TaxTotal(Part):
    """The tax of one (category, rate): one rounding on the group's base (`MON-4`)."""

    category: TaxCategory
    rate: TaxRate
    base: Amount
    """The sum of the group's line nets."""
    tax: Amount
    """round(base x rate)."""
    exemption_reason: Annotated[Text | None, Field(max_length=200)] = None
    """Printed where the category is exempt; of several reasons, the first and as many more as fit."""
    exemption_reasons: tuple[Annotated[Text, Field(max_length=200)], ...] = ()
    """All reasons of the group's lines, each once (`MON-10`)."""


class InvoiceTotals(Part):
    """Totals that re-add: net + tax + cash rounding = total (`MON-4`, `MON-6`)."""

    net: Amount
    """The sum of the nets of lines and document charges."""
    discount: Amount
    """What all discounts took off; already gone from `net`."""
    charge: Amount | None = None
    """What all charges added, of lines and document; already in `net`. Left out where there is none (`INV-12`)."""
    tax: Amount
    """The sum of the tax groups."""
    cash_rounding: Amount
    """A total of its own, never hidden in a line; may be negative (`MON-6`)."""
    total: Amount
    """What the invoice asks for."""
    taxes: tuple[TaxTotal, ...]
    """One for each (category, rate)."""


class RoundingPolicy(Part):
    """Which rounding made these totals, so that a later recomputation gives the same cents (`MON-4`)."""

    id: Annotated[Text, Field(max_length=60, examples=["line-half-up"])]
    """The policy."""
    version: Count
    """Its version."""


class PayerShare(Part):
    """What one payer is expected to pay of an invoice: an estimate, never a payment (`INS-1`)."""

    payer_id: PayerId
    payer_name: Annotated[Text, Field(max_length=200)]
    """As printed."""
    payer_sequence: PayerSequence = "primary"
    """In which turn this payer is asked (`INS-4`)."""
    expected: Amount
    """What the payer is expected to pay of this invoice."""
    write_off: Amount
    """What is expected to be written off by contract."""


@event("billing.invoice.drafted.v1", TOPIC)
class InvoiceDrafted(Event):
    """A draft was made; it has no number and asks for nothing yet (`INV-6`)."""

    invoice_id: InvoiceId
    patient_id: PatientId
    appointment_id: AppointmentId | None = None
    total: Amount
    """What it would ask for, were it issued as it is."""
    lines: Annotated[Count, Field(ge=0)]
    """How many lines the draft had when it was made."""
    by: Actor


@event("billing.invoice.issued.v1", TOPIC)
class InvoiceIssued(ClaimOfInvoice):
    """An invoice was issued: frozen, numbered, owed. Carries all that a claim needs (`INS-2`)."""

    invoice_id: InvoiceId
    patient_id: PatientId
    number: InvoiceNumber
    issue_date: Day
    """Today in the clinic's zone, when it was issued."""
    due_date: Day
    """Overdue after this day, where something is outstanding (`INV-9`)."""
    appointment_id: AppointmentId | None = None
    primary_payer_id: PayerId | None = None
    """The insurer that is asked first."""
    primary_payer_name: Annotated[Text | None, Field(max_length=200)] = None
    """That insurer's name."""
    prices_include_tax: bool = False
    """Whether `unit_price` is gross (the clinic's setting)."""
    lines: Annotated[tuple[InvoiceLine, ...], Field(max_length=1000)]
    """In the printed order."""
    totals: InvoiceTotals
    rounding: RoundingPolicy
    payer_shares: tuple[PayerShare, ...] = ()
    """The insurers' shares as estimated (`INS-1`)."""
    patient_share: Amount | None = None
    """The patient's share as estimated; without it, the patient's is all that no payer is expected to pay."""
    document_discount_reason: Annotated[Text | None, Field(max_length=500)] = None
    """Why the document has a discount (`INV-5`)."""
    document_discounts: Annotated[tuple[DocumentDiscount, ...], Field(max_length=21)] = ()
    """The document's discounts (`INV-13`)."""
    document_charges: Annotated[tuple[DocumentCharge, ...], Field(max_length=20)] = ()
    """The document's charges (`INV-12`)."""
    note: Annotated[Text | None, Field(max_length=2000)] = None
    """As printed on the invoice."""
    by: Actor


class NoteLine(Part):
    """What a note changes on one tax group of the invoice; below zero where goods were returned (`INV-14`)."""

    invoice_line_id: UUID | None = None
    """The line that it is about, where it is about one."""
    debit_note_id: UUID | None = None
    """The debit note that a credit is about, where it is about one: it is credited in part (`MON-11`)."""
    description: Annotated[Text, Field(max_length=500)]
    """As printed."""
    net: Amount
    """Before tax."""
    tax_category: TaxCategory
    tax_rate: TaxRate
    tax: Amount
    """round(rate x credited base so far) - tax credited so far (`MON-5`)."""
    exemption_reason: Annotated[Text | None, Field(max_length=200)] = None
    """Why it is exempt: its line's reason, or those of its group (`MON-10`)."""


class LineLeft(Part):
    """What is left to credit of a line or of a debit note (`MON-11`, `PAY-19`)."""

    line_id: UUID
    """The line, or the debit note."""
    left: Amount
    """Tax included; nothing of returned goods."""


class Note(Event):
    """A document that changes what an issued invoice asks for; numbered, with reason and author (`INV-6`)."""

    invoice_id: InvoiceId
    patient_id: PatientId
    number: Annotated[Text, Field(max_length=60)]
    """The note's own gapless number (`INV-7`)."""
    invoice_number: InvoiceNumber
    issue_date: Day
    """Today in the clinic's zone, when it was issued."""
    reason: Annotated[Text, Field(max_length=500)]
    """As printed."""
    refund_id: UUID | None = None
    """The refund that the note goes with (`PAY-4`, `PAY-5`)."""
    undoes_id: UUID | None = None
    """The note that this one is the opposite of."""
    decision_id: UUID | None = None
    """The insurer's decision that the note follows: a contractual write-off, or its undoing (`INS-3`)."""
    purpose: Annotated[Text | None, Field(max_length=40, examples=["bad_debt"])] = None
    """What `kind` does not say: `bad_debt` of a `write_off` that stays collectable, and `bad_debt_recovery` of the
    `correction` that a later payment of it brings about (`INV-17`); `deferred_write_off` of a `contractual_write_off`
    of what an earlier decision takes off, once an undone credit left room for it (`INS-3`); further ones may come."""
    lines: tuple[NoteLine, ...]
    """One for each tax group that it touches, at least."""
    net: Amount
    """The sum of the lines' nets."""
    tax: Amount
    """The sum of the lines' taxes."""
    cash_rounding: Amount | None = None
    """The part of the invoice's cash rounding that goes with the note; may be negative (`MON-6`)."""
    total: Amount
    """net + tax + cash rounding: by how much the invoice asks for less (credit) or more (debit)."""
    lines_left: tuple[LineLeft, ...] = ()
    """What is left to credit of each line and each debit note of the invoice after it."""
    asked_of_lines: Amount | None = None
    """What the invoice's own lines ask for after it, debit notes and refunds' notes apart: insurers are asked for no
    more of it, and the rest is the patient's (`INS-4`)."""
    by: Actor


@event("billing.invoice.credited.v1", TOPIC)
class InvoiceCredited(Note):
    """A credit note lowered what an invoice asks for (`INV-6`, `MON-5`).

    `kind` `refund_adjustment` keeps the invoice as settled as it was after a refund; `refund_id` then names the refund,
    and payments, which counted it when it decided the refund, does not count it again (`PAY-4`).
    """

    credit_note_id: UUID
    """The credit note."""
    kind: Literal[
        "courtesy", "price_correction", "write_off", "refund_adjustment", "contractual_write_off", "undo_debit_note"
    ]
    """Why the invoice asks for less."""


@event("billing.invoice.debited.v1", TOPIC)
class InvoiceDebited(Note):
    """A debit note raised what an invoice asks for, or undid a credit note (`INV-6`).

    `kind` `undo_refund_adjustment` follows the cancellation of a refund; `refund_id` then names that refund (`PAY-5`).
    `undo_credit_note` with a `decision_id` takes back what a contract had written off, in whole or part (`INS-3`).
    """

    debit_note_id: UUID
    """The debit note."""
    kind: Literal["late_fee", "correction", "undo_credit_note", "undo_refund_adjustment"]
    """Why the invoice asks for more."""


@event("billing.invoice.voided.v1", TOPIC)
class InvoiceVoided(Event):
    """An issued invoice with nothing paid on it became void; its procedures are free again (`INV-8`)."""

    invoice_id: InvoiceId
    patient_id: PatientId
    number: InvoiceNumber
    voided_on: Day
    """Today in the clinic's zone, when it was voided."""
    total: Amount
    """What it asked for."""
    by: Actor
