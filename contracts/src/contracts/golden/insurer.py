"""What the insurer decided on the claim for Amara's visit, and what became of that and of another decision."""

from __future__ import annotations

from contracts.adjudications import (
    AdjudicationApplied,
    AdjudicationSetAside,
    InsurerShare,
    InvoiceEstimated,
    LineShares,
    Shares,
)
from contracts.golden.example import (
    AMARA,
    CHECK_UP_LINE,
    CLINIC,
    FILLING_LINE,
    INSURER,
    INVOICE,
    OLD_INVOICE,
    Golden,
    at,
    numbered,
    usd,
)
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated, ClaimAdjustment

CLAIM = numbered(0xC, 1)

ADJUDICATED = ClaimAdjudicated(
    clinic_id=CLINIC,
    occurred_at=at(24, 11, 30),
    claim_id=CLAIM,
    decision_id=numbered(0xC, 2),
    patient_id=AMARA,
    invoice_id=INVOICE,
    payer_id=INSURER,
    payer_name="Harbor Dental Mutual",
    payer_identifier="66001",
    payer_sequence="primary",
    remittance_reference="HDM-20261124-7731",
    charge=usd("256.00"),
    paid=usd("200.10"),
    lines=(
        AdjudicatedLine(invoice_line_id=CHECK_UP_LINE, charge=usd("62.50"), paid=usd("62.50")),
        AdjudicatedLine(
            invoice_line_id=FILLING_LINE,
            charge=usd("193.50"),
            adjustments=(
                ClaimAdjustment(group="CO", reason_code="45", amount=usd("21.50")),
                ClaimAdjustment(group="PR", reason_code="2", amount=usd("34.40")),
            ),
            paid=usd("137.60"),
        ),
    ),
)

APPLIED = AdjudicationApplied(
    clinic_id=CLINIC,
    occurred_at=at(24, 11, 31),
    decision_id=ADJUDICATED.decision_id,
    claim_id=CLAIM,
    invoice_id=INVOICE,
    invoice_number="INV-2026-000117",
    patient_id=AMARA,
    payer_id=INSURER,
    payer_name="Harbor Dental Mutual",
    payer_sequence="primary",
    remittance_reference="HDM-20261124-7731",
    charge=usd("256.00"),
    paid=usd("200.10"),
    contractual=usd("21.50"),
    patient_responsibility=usd("34.40"),
    other=usd("0.00"),
    written_off=usd("21.50"),
    shares=Shares(
        paid=usd("200.10"),
        written_off=usd("21.50"),
        patient_part=usd("34.40"),
        undecided=usd("0.00"),
        overpaid=usd("0.00"),
    ),
    insurers=(
        InsurerShare(payer_id=INSURER, payer_name="Harbor Dental Mutual", payer_sequence="primary", paid=usd("200.10")),
    ),
    lines=(
        LineShares(
            invoice_line_id=CHECK_UP_LINE,
            fee=usd("62.50"),
            paid=usd("62.50"),
            written_off=usd("0.00"),
            patient_part=usd("0.00"),
            undecided=usd("0.00"),
            overpaid=usd("0.00"),
        ),
        LineShares(
            invoice_line_id=FILLING_LINE,
            fee=usd("193.50"),
            paid=usd("137.60"),
            written_off=usd("21.50"),
            patient_part=usd("34.40"),
            undecided=usd("0.00"),
            overpaid=usd("0.00"),
        ),
    ),
)

ESTIMATED = InvoiceEstimated(
    clinic_id=CLINIC,
    occurred_at=at(25, 9, 0),
    invoice_id=OLD_INVOICE,
    invoice_number="INV-2026-000089",
    patient_id=AMARA,
    estimated=usd("0.00"),
    estimated_write_off=usd("0.00"),
)

SET_ASIDE = AdjudicationSetAside(
    clinic_id=CLINIC,
    occurred_at=at(25, 9, 2),
    set_aside_id=numbered(0xC, 4),
    decision_id=numbered(0xC, 5),
    claim_id=numbered(0xC, 3),
    invoice_id=OLD_INVOICE,
    patient_id=AMARA,
    payer_id=INSURER,
    cause="unbalanced_line",
    detail="line 1: 95.00 claimed less 15.00 adjusted is 80.00, not the 85.00 paid",
)

INVOICING = "/dental-billing/invoicing"
EXAMPLES = (
    Golden(ADJUDICATED, "/practice/insurance-claims", CLAIM, 1, numbered(0xE2, 1)),
    Golden(APPLIED, INVOICING, INVOICE, 6, numbered(0xE2, 2)),
    Golden(SET_ASIDE, INVOICING, SET_ASIDE.set_aside_id, 1, numbered(0xE2, 3)),
    Golden(ESTIMATED, INVOICING, OLD_INVOICE, 5, numbered(0xE2, 4)),
)
