"""What the insurer decided on the claim for Amara's visit."""

from __future__ import annotations

from contracts.golden.example import (
    AMARA,
    CHECK_UP_LINE,
    CLINIC,
    FILLING_LINE,
    INSURER,
    INVOICE,
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

EXAMPLES = (Golden(ADJUDICATED, "/practice/insurance-claims", CLAIM, 1, numbered(0xE2, 1)),)
