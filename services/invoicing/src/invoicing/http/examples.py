"""One example of each answer, for the API's description; together they are one small story, whose amounts add up."""

from __future__ import annotations

from typing import Any

from chassis.members import names_of

from invoicing.domain.claim import ActDetails

PATIENT = "018f0000-0000-7000-8000-0000000000a1"
INVOICE = "018f0000-0000-7000-8000-0000000000b1"
LINE = "018f0000-0000-7000-8000-0000000000c1"
NOTE = "018f0000-0000-7000-8000-0000000000d1"
PAYMENT = "018f0000-0000-7000-8000-0000000000e1"
PROCEDURE = "018f0000-0000-7000-8000-0000000000f1"
PLAN = "018f0000-0000-7000-8000-000000000091"
ITEM = "018f0000-0000-7000-8000-000000000092"
REVIEW = "018f0000-0000-7000-8000-000000000093"
VISIT = "018f0000-0000-7000-8000-000000000094"
NUMBER = "INV-2026-000117"
NOW, TODAY, DUE = "2026-11-23T15:00:00Z", "2026-11-23", "2026-12-23"
CLERK = "clerk:7f1c"
CONFIRMATION = "5f0c9a4e1d7b4c2f8e6a3b9d0c1e2f34"


def usd(amount: str) -> dict[str, str]:
    """An amount."""
    return {"amount": amount, "currency": "USD"}


LINE_EXAMPLE: dict[str, Any] = {
    "id": LINE,
    "position": 1,
    "kind": "procedure",
    "description": "Crown, porcelain",
    "quantity": "1",
    "unit_price": usd("1000.00"),
    "base_quantity": "1",
    "amount": usd("1000.00"),
    "charges": [],
    "charge_amount": usd("0.00"),
    "discount": {"percent": "10", "amount": None, "reason": "family", "author": CLERK, "tax_category": None},
    "discount_amount": usd("100.00"),
    "document_discount_amount": usd("0.00"),
    "net": usd("900.00"),
    "tax_category": "E",
    "tax_code": "E",
    "tax_rate": "0",
    "exemption_reason": "Medical and dental care",
    "code_system": "CDT",
    "code": "D2740",
    "sku": None,
    "procedure_id": PROCEDURE,
    "date_of_service": TODAY,
    **dict.fromkeys(names_of(ActDetails)),
    "provider_name": "Dr. Calderón",
    "tooth": "30",
    "place_of_service": "11",
    "prior_authorization": "PA-55120",
    "provider_npi": "1234567893",
    "prosthesis": "initial",
    "treatment_plan_id": PLAN,
    "treatment_plan_item_id": ITEM,
    "estimates": [],
}
TOTALS_EXAMPLE: dict[str, Any] = {
    "net": usd("900.00"),
    "discount": usd("100.00"),
    "charge": usd("0.00"),
    "tax": usd("0.00"),
    "cash_rounding": usd("0.00"),
    "total": usd("900.00"),
    "taxes": [
        {
            "category": "E",
            "rate": "0",
            "base": usd("900.00"),
            "tax": usd("0.00"),
            "exemption_reason": "Medical and dental care",
            "exemption_reasons": ["Medical and dental care"],
        }
    ],
}
NOTE_LINE_EXAMPLE: dict[str, Any] = {
    "invoice_line_id": LINE,
    "debit_note_id": None,
    "description": "Crown, porcelain",
    "net": usd("50.00"),
    "tax": usd("0.00"),
    "tax_category": "E",
    "tax_rate": "0",
    "exemption_reason": "Medical and dental care",
}
NOTE_EXAMPLE: dict[str, Any] = {
    "id": NOTE,
    "invoice_id": INVOICE,
    "side": "credit",
    "kind": "courtesy",
    "number": "CN-2026-000009",
    "issue_date": TODAY,
    "reason": "long wait",
    "author": CLERK,
    "refund_id": None,
    "undoes_id": None,
    "undone_by_id": None,
    "decision_id": None,
    "lines": [NOTE_LINE_EXAMPLE],
    "net": usd("50.00"),
    "tax": usd("0.00"),
    "cash_rounding": usd("0.00"),
    "total": usd("50.00"),
    "created_at": NOW,
}
NOTE_PREVIEW_EXAMPLE: dict[str, Any] = {
    "lines": [NOTE_LINE_EXAMPLE],
    "net": usd("50.00"),
    "tax": usd("0.00"),
    "cash_rounding": usd("0.00"),
    "total": usd("50.00"),
    "outstanding_before": usd("900.00"),
    "outstanding_after": usd("850.00"),
    "to_patient_credit": usd("0.00"),
}
SUMMARY_EXAMPLE: dict[str, Any] = {
    "id": INVOICE,
    "number": NUMBER,
    "status": "partially_paid",
    "overdue": False,
    "patient_id": PATIENT,
    "patient_name": "Amara Okafor-Núñez",
    "appointment_id": VISIT,
    "issue_date": TODAY,
    "due_date": DUE,
    "totals": TOTALS_EXAMPLE,
    "credited": usd("50.00"),
    "debited": usd("0.00"),
    "settled": usd("350.00"),
    "outstanding": usd("500.00"),
    "parts": {
        "patient": usd("850.00"),
        "insurers": usd("0.00"),
        "expected_write_off": usd("0.00"),
        "decided": False,
    },
    "created_at": NOW,
    "version": 4,
    "confirmation": None,
    "issue_problem": None,
}
INVOICE_EXAMPLE: dict[str, Any] = SUMMARY_EXAMPLE | {
    "origin": "appointment",
    "prices_include_tax": False,
    "rounding": {"id": "en16931-net-half-up", "version": 1},
    "lines": [LINE_EXAMPLE],
    "discount": None,
    "discounts": [],
    "charges": [],
    "note": "Thank you.",
    "primary_payer": {"id": None, "name": "Delta"},
    "price_list_id": None,
    "membership": None,
    "created_by": "consumer:invoicing",
    "issued_at": NOW,
    "issued_by": CLERK,
    "voided": None,
    "notes": [NOTE_EXAMPLE],
    "payments": [{"payment_id": PAYMENT, "method": "bank_card", "first_at": NOW, "settled": usd("350.00")}],
    "insurance": None,
}
PREVIEW_EXAMPLE: dict[str, Any] = {"lines": [LINE_EXAMPLE], "charges": [], "totals": TOTALS_EXAMPLE} | {
    "confirmation": CONFIRMATION
}

_STEP: dict[str, Any] = {
    "at": NOW,
    "reason": None,
    "number": None,
    "detail": None,
    "document_id": None,
    "transaction_id": None,
    "payment_id": None,
    "procedure_id": None,
    "method": None,
    "amount": None,
    "installment": None,
    "outstanding": usd("0.00"),
}
STORY_EXAMPLE: dict[str, Any] = {
    "invoice": INVOICE_EXAMPLE,
    "steps": [
        _STEP | {"kind": "drafted", "event_type": "billing.invoice.drafted.v1", "by": "consumer:invoicing"},
        _STEP
        | {
            "kind": "issued",
            "event_type": "billing.invoice.issued.v1",
            "by": CLERK,
            "number": NUMBER,
            "document_id": INVOICE,
            "amount": usd("900.00"),
            "outstanding": usd("900.00"),
        },
        _STEP
        | {
            "kind": "credited",
            "event_type": "billing.invoice.credited.v1",
            "by": CLERK,
            "reason": "long wait",
            "number": "CN-2026-000009",
            "detail": "courtesy",
            "document_id": NOTE,
            "amount": usd("50.00"),
            "outstanding": usd("850.00"),
        },
        _STEP
        | {
            "kind": "payment",
            "event_type": "billing.payment.recorded.v1",
            "by": CLERK,
            "detail": "patient",
            "transaction_id": PAYMENT,
            "payment_id": PAYMENT,
            "method": "bank_card",
            "amount": usd("350.00"),
            "outstanding": usd("500.00"),
        },
        _STEP
        | {
            "kind": "invoice_overdue",
            "event_type": "billing.invoice.overdue.v1",
            "by": None,
            "amount": usd("500.00"),
            "outstanding": usd("500.00"),
        },
    ],
    "next": None,
}
REVIEW_EXAMPLE: dict[str, Any] = {
    "id": REVIEW,
    "invoice_id": INVOICE,
    "number": NUMBER,
    "status": "issued",
    "patient_id": PATIENT,
    "appointment_id": VISIT,
    "cause": "procedure_reverted",
    "procedure_id": PROCEDURE,
    "noted_at": NOW,
    "closed_at": None,
    "closed_by": None,
    "closed_because": None,
}
OUTSTANDING_EXAMPLE: dict[str, Any] = {
    "currency": "USD",
    "issued": 118,
    "drafts": 2,
    "void": 1,
    "overdue": 3,
    "invoiced": usd("48210.00"),
    "debited": usd("10.00"),
    "credited": usd("220.00"),
    "settled": usd("41000.00"),
    "outstanding": usd("7000.00"),
    "overdue_amount": usd("640.00"),
}
PROOF_EXAMPLE: dict[str, Any] = {
    "counts": {"invoices": 119, "notes": 9, "settlements": 140, "procedures": 312},
    "differences": [],
}
