"""An example of each answer about installment plans: what the invoice of `examples.py` still asks for, in two parts."""

from __future__ import annotations

from typing import Any

from invoicing.http.examples import CLERK, INVOICE, INVOICE_EXAMPLE, LINE, NOW, NUMBER, PATIENT, TODAY, usd

PLAN = "018f0000-0000-7000-8000-0000000000a7"
FIRST = "018f0000-0000-7000-8000-0000000000a8"
SECOND = "018f0000-0000-7000-8000-0000000000a9"
CROWN = {"line_id": LINE, "description": "Crown, porcelain"}


def _decided(installment_id: str, position: int, due_date: str) -> dict[str, Any]:
    return {
        "id": installment_id,
        "position": position,
        "kind": "installment",
        "due_date": due_date,
        "amount": usd("250.00"),
    }


def _standing(decided: dict[str, Any]) -> dict[str, Any]:
    return decided | {"paid": usd("0.00"), "remaining": usd("250.00"), "state": "planned"}


DECIDED = [_decided(FIRST, 1, "2026-12-31"), _decided(SECOND, 2, "2027-01-31")]
INSTALLMENTS = [_standing(one) for one in DECIDED]
PLAN_SUMMARY_EXAMPLE: dict[str, Any] = {
    "id": PLAN,
    "invoice_id": INVOICE,
    "invoice_number": NUMBER,
    "patient_id": PATIENT,
    "state": "active",
    "overdue": False,
    "version": 1,
    "agreed_on": TODAY,
    "total": usd("500.00"),
    "remaining": usd("500.00"),
    "next_installment": INSTALLMENTS[0],
}
PLAN_EXAMPLE: dict[str, Any] = PLAN_SUMMARY_EXAMPLE | {
    "installments": [one | {"costs": [CROWN | {"amount": usd("250.00")}]} for one in INSTALLMENTS],
    "settled_before": usd("350.00"),
    "settled_before_costs": [CROWN | {"amount": usd("350.00")}],
    "versions": [
        {
            "version": 1,
            "cause": "agreed",
            "at": NOW,
            "by": CLERK,
            "reason": "as she asked",
            "note_id": None,
            "instead_of": None,
            "installments": DECIDED,
        }
    ],
}
INSTALLMENT_EXAMPLE: dict[str, Any] = INSTALLMENTS[0] | {
    "paid": usd("50.00"),
    "remaining": usd("200.00"),
    "state": "partly_paid",
    "costs": [CROWN | {"amount": usd("250.00")}],
    "plan_id": PLAN,
    "plan_version": 1,
    "invoice_id": INVOICE,
    "invoice_number": NUMBER,
    "patient_id": PATIENT,
    "installments": 2,
    "payments": [
        {
            "payment_id": "018f0000-0000-7000-8000-0000000000aa",
            "method": "bank_card",
            "first_at": NOW,
            "settled": usd("50.00"),
        }
    ],
    "patient_part": usd("200.00"),
    "patient_part_estimated": usd("200.00"),
}
PLAN_PREVIEW_EXAMPLE: dict[str, Any] = {
    "outstanding": usd("500.00"),
    "installments": [{name: value for name, value in one.items() if name != "id"} for one in DECIDED],
}
INVOICE_WITH_PLAN_EXAMPLE: dict[str, Any] = INVOICE_EXAMPLE | {
    "installment_plan_id": PLAN,
    "next_installment": INSTALLMENTS[0],
}
