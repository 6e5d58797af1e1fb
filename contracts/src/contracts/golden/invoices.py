"""The invoice of the visit, and what became of it and of two others."""

from __future__ import annotations

from datetime import date
from typing import Any

from contracts.addresses import PostalAddress
from contracts.claims import ClaimLine
from contracts.credit_requests import CreditApproved, CreditRejected, CreditRequested
from contracts.event import Actor
from contracts.golden.clinic import COMPLETED as FILLED
from contracts.golden.example import (
    AMARA,
    CHECK_UP,
    CHECK_UP_LINE,
    CLINIC,
    DENTIST,
    FILLING,
    FILLING_LINE,
    INSURER,
    INVOICE,
    NEXT_INVOICE,
    OLD_INVOICE,
    REFUND,
    TOOTHBRUSH_LINE,
    VISIT,
    Golden,
    at,
    numbered,
    usd,
)
from contracts.golden.patient import COVERAGE, HOME
from contracts.invoicing import (
    InvoiceCredited,
    InvoiceDebited,
    InvoiceDrafted,
    InvoiceIssued,
    InvoiceLine,
    InvoiceTotals,
    InvoiceVoided,
    LineEstimate,
    LineLeft,
    NoteLine,
    PayerShare,
    RoundingPolicy,
    TaxTotal,
)
from contracts.refund_adjustments import NamedLineDecided, RefundAdjustmentDecided

INVOICING = "/dental-billing/invoicing"
CREDIT_NOTE = numbered(0xD, 1)
DEBIT_NOTE = numbered(0xD, 2)

CHECK_UP_FROZEN = InvoiceLine(
    line_id=CHECK_UP_LINE,
    position=1,
    kind="procedure",
    procedure_id=CHECK_UP,
    code_system="SNOMED-CT",
    code="34043003",
    description="Dental consultation and report",
    quantity="1",
    unit_price=usd("62.50"),
    discount=usd("0.00"),
    net=usd("62.50"),
    charge=usd("62.50"),
    creditable=usd("62.50"),
    tax_category="E",
    tax_rate="0",
    date_of_service=date(2026, 11, 20),
    provider_id=DENTIST,
    provider_name="Dr. Inés Calderón",
    estimates=(
        LineEstimate(
            payer_id=INSURER,
            allowed=usd("62.50"),
            expected=usd("62.50"),
            write_off=usd("0.00"),
            patient_part=usd("0.00"),
        ),
    ),
)

FILLING_FROZEN = InvoiceLine(
    line_id=FILLING_LINE,
    position=2,
    kind="procedure",
    procedure_id=FILLING,
    code_system="SNOMED-CT",
    code="1259293006",
    description="Composite filling, two surfaces",
    quantity="1",
    unit_price=usd("215.00"),
    discount=usd("21.50"),
    net=usd("193.50"),
    charge=usd("193.50"),
    creditable=usd("193.50"),
    tax_category="E",
    tax_rate="0",
    date_of_service=date(2026, 11, 20),
    **{name: getattr(FILLED, name) for name in ClaimLine.model_fields},
    estimates=(
        LineEstimate(
            payer_id=INSURER,
            allowed=usd("172.00"),
            expected=usd("137.60"),
            write_off=usd("21.50"),
            patient_part=usd("34.40"),
        ),
    ),
)

TOOTHBRUSH_FROZEN = InvoiceLine(
    line_id=TOOTHBRUSH_LINE,
    position=3,
    kind="product",
    code="TB-SOFT-02",
    description="Toothbrush, soft",
    quantity="2",
    unit_price=usd("14.90"),
    discount=usd("0.00"),
    net=usd("29.80"),
    charge=usd("29.80"),
    creditable=usd("31.66"),
    tax_category="S",
    tax_rate="6.25",
)

DRAFTED = InvoiceDrafted(
    clinic_id=CLINIC,
    occurred_at=at(20, 14, 20),
    invoice_id=INVOICE,
    patient_id=AMARA,
    appointment_id=VISIT,
    total=usd("62.50"),
    lines=1,
    by=Actor(subject="consumer:invoicing"),
)

ISSUED = InvoiceIssued(
    clinic_id=CLINIC,
    occurred_at=at(20, 15, 5),
    invoice_id=INVOICE,
    patient_id=AMARA,
    number="INV-2026-000117",
    issue_date=date(2026, 11, 20),
    due_date=date(2026, 12, 20),
    appointment_id=VISIT,
    primary_payer_id=INSURER,
    primary_payer_name="Harbor Dental Mutual",
    lines=(CHECK_UP_FROZEN, FILLING_FROZEN, TOOTHBRUSH_FROZEN),
    totals=InvoiceTotals(
        net=usd("285.80"),
        discount=usd("21.50"),
        tax=usd("1.86"),
        cash_rounding=usd("0.00"),
        total=usd("287.66"),
        taxes=(
            TaxTotal(
                category="E",
                rate="0",
                base=usd("256.00"),
                tax=usd("0.00"),
                exemption_reason="Exempt: medical care",
            ),
            TaxTotal(category="S", rate="6.25", base=usd("29.80"), tax=usd("1.86")),
        ),
    ),
    rounding=RoundingPolicy(id="line-half-up", version=1),
    payer_shares=(
        PayerShare(payer_id=INSURER, payer_name="Harbor Dental Mutual", expected=usd("200.10"), write_off=usd("21.50")),
    ),
    patient_share=usd("66.06"),
    billing_provider_npi="1234567893",
    billing_provider_name="Maple Street Dental PLLC",
    billing_provider_address=PostalAddress(
        lines=("4 Maple Street",), city="Springfield", region="MA", postal_code="01105", country="US"
    ),
    billing_provider_tax_number="04-1234567",
    patient_given_name="Amara",
    patient_family_name="Okafor-Núñez",
    patient_address=HOME,
    patient_gender="F",
    patient_birth_date=date(1987, 4, 9),
    coverages=(COVERAGE,),
    by=Actor(subject="consumer:invoicing"),
)

CREDITED = InvoiceCredited(
    clinic_id=CLINIC,
    occurred_at=at(24, 11, 31),
    credit_note_id=CREDIT_NOTE,
    invoice_id=INVOICE,
    patient_id=AMARA,
    number="CN-2026-000009",
    invoice_number="INV-2026-000117",
    issue_date=date(2026, 11, 24),
    kind="contractual_write_off",
    reason="Written off by contract with Harbor Dental Mutual",
    decision_id=numbered(0xC, 2),
    lines=(
        NoteLine(
            invoice_line_id=FILLING_LINE,
            description="Composite filling, two surfaces",
            net=usd("21.50"),
            tax_category="E",
            tax_rate="0",
            tax=usd("0.00"),
        ),
    ),
    net=usd("21.50"),
    tax=usd("0.00"),
    total=usd("21.50"),
    lines_left=(
        LineLeft(line_id=CHECK_UP_LINE, left=usd("62.50")),
        LineLeft(line_id=FILLING_LINE, left=usd("172.00")),
        LineLeft(line_id=TOOTHBRUSH_LINE, left=usd("31.66")),
    ),
    asked_of_lines=usd("266.16"),
    by=Actor(subject="consumer:invoicing"),
)

DEBITED = InvoiceDebited(
    clinic_id=CLINIC,
    occurred_at=at(25, 16, 10),
    debit_note_id=DEBIT_NOTE,
    invoice_id=OLD_INVOICE,
    patient_id=AMARA,
    number="DN-2026-000002",
    invoice_number="INV-2026-000089",
    issue_date=date(2026, 11, 25),
    kind="late_fee",
    reason="45 days after the due date",
    lines=(NoteLine(description="Late fee", net=usd("12.50"), tax_category="E", tax_rate="0", tax=usd("0.00")),),
    net=usd("12.50"),
    tax=usd("0.00"),
    total=usd("12.50"),
    by=Actor(subject="clerk:7f1c", reason="45 days after the due date"),
)

VOIDED = InvoiceVoided(
    clinic_id=CLINIC,
    occurred_at=at(23, 10, 15),
    invoice_id=NEXT_INVOICE,
    patient_id=AMARA,
    number="INV-2026-000118",
    voided_on=date(2026, 11, 23),
    total=usd("95.00"),
    by=Actor(subject="clerk:7f1c", reason="Issued for the wrong visit"),
)

ADJUSTED = RefundAdjustmentDecided(
    clinic_id=CLINIC,
    occurred_at=at(23, 14, 41),
    adjustment_id=numbered(0x11, 1),
    refund_id=REFUND,
    transaction_id=REFUND,
    invoice_id=INVOICE,
    patient_id=AMARA,
    invoice_number="INV-2026-000117",
    decided_on=date(2026, 11, 23),
    wanted=usd("6.06"),
    credited=usd("0.00"),
    lines=(NamedLineDecided(line_id=TOOTHBRUSH_LINE, wanted=usd("6.06"), credited=usd("0.00")),),
    by=Actor(subject="consumer:invoicing", reason="Credited otherwise"),
)

WAIVED: dict[str, Any] = {
    "clinic_id": CLINIC,
    "request_id": numbered(0x13, 1),
    "patient_id": AMARA,
    "invoice_id": OLD_INVOICE,
    "kind": "write_off",
    "amount": usd("40.00"),
}
CREDIT_REQUESTED = CreditRequested(
    **WAIVED,
    occurred_at=at(23, 15, 10),
    limit=usd("30.00"),
    by=Actor(subject="clerk:7f1c", reason="Moved away without an address"),
)
CREDIT_REJECTED = CreditRejected(
    **WAIVED,
    occurred_at=at(23, 15, 20),
    requested_by="clerk:7f1c",
    outcome="rejected",
    by=Actor(subject="manager:02aa", reason="She has written to us from there"),
)
CREDIT_APPROVED = CreditApproved(
    **WAIVED | {"request_id": numbered(0x13, 2), "invoice_id": NEXT_INVOICE, "kind": "void", "amount": VOIDED.total},
    occurred_at=VOIDED.occurred_at,
    requested_by="clerk:7f1c",
    by=Actor(subject="manager:02aa", reason=VOIDED.by.reason),
)

EXAMPLES = (
    Golden(DRAFTED, INVOICING, INVOICE, 1, numbered(0xE3, 1)),
    Golden(ISSUED, INVOICING, INVOICE, 4, numbered(0xE3, 2)),
    Golden(CREDITED, INVOICING, INVOICE, 5, numbered(0xE3, 3)),
    Golden(DEBITED, INVOICING, OLD_INVOICE, 6, numbered(0xE3, 4)),
    Golden(VOIDED, INVOICING, NEXT_INVOICE, 3, numbered(0xE3, 5)),
    Golden(ADJUSTED, INVOICING, numbered(0x11, 1), 1, numbered(0xE3, 6)),
    Golden(CREDIT_REQUESTED, INVOICING, numbered(0x13, 1), 1, numbered(0xE3, 7)),
    Golden(CREDIT_REJECTED, INVOICING, numbered(0x13, 1), 2, numbered(0xE3, 8)),
    Golden(CREDIT_APPROVED, INVOICING, numbered(0x13, 2), 2, numbered(0xE3, 9)),
)
