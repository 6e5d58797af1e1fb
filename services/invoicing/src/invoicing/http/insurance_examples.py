"""Examples of what answers say of insurance: one claim of the story of `examples.py`, whose amounts add up."""

from __future__ import annotations

from typing import Any

from invoicing.http.examples import INVOICE, LINE, NOW, NUMBER, PATIENT, usd

INSURER = "018f0000-0000-7000-8000-000000000081"
CLAIM = "018f0000-0000-7000-8000-000000000082"
DECISION = "018f0000-0000-7000-8000-000000000083"

ESTIMATE_EXAMPLE: dict[str, Any] = {
    "payer_id": INSURER,
    "payer_name": "Delta Dental",
    "payer_identifier": "66001",
    "payer_sequence": "primary",
    "expected": usd("450.00"),
    "write_off": usd("90.00"),
    "patient_part": usd("360.00"),
}
DECISION_EXAMPLE: dict[str, Any] = {
    "decision_id": DECISION,
    "claim_id": CLAIM,
    "invoice_id": INVOICE,
    "invoice_number": NUMBER,
    "patient_id": PATIENT,
    "payer_id": INSURER,
    "payer_name": "Delta Dental",
    "payer_sequence": "primary",
    "remittance_id": None,
    "remittance_reference": "ERA 10027",
    "charge": usd("900.00"),
    "paid": usd("450.00"),
    "contractual": usd("90.00"),
    "patient_responsibility": usd("360.00"),
    "other": usd("0.00"),
    "written_off": usd("90.00"),
    "put_off": None,
    "decided_at": NOW,
    "applied_at": NOW,
    "lines": [
        {
            "line_id": LINE,
            "description": "Crown, porcelain",
            "charge": usd("900.00"),
            "allowed": usd("810.00"),
            "paid": usd("450.00"),
            "adjustments": [
                {"group": "CO", "reason_code": "45", "amount": usd("90.00")},
                {"group": "PR", "reason_code": "2", "amount": usd("360.00")},
            ],
        }
    ],
}
SET_ASIDE_EXAMPLE: dict[str, Any] = {
    "id": "018f0000-0000-7000-8000-000000000084",
    "state": "open",
    "cause": "unbalanced_line",
    "detail": "line 1: 900.00 claimed less 450.00 adjusted is 450.00, not the 460.00 paid",
    "decision_id": DECISION,
    "claim_id": CLAIM,
    "invoice_id": INVOICE,
    "patient_id": PATIENT,
    "payer_id": INSURER,
    "payer_name": "Delta Dental",
    "remittance_id": None,
    "set_aside_at": NOW,
    "closed_at": None,
    "closed_by": None,
    "closed_because": None,
    "stated": {"charge": usd("900.00"), "paid": usd("460.00"), "lines": []},
}
