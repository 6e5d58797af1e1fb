"""What the services tell of a clinic with something on every page, for tests of the front desk."""

from __future__ import annotations

from typing import Any

from told_services import CLINIC, PATIENT, usd

OTHER, INVOICE_ID, PAYMENT_ID = (f"01a22a21-2210-773b-a240-f2d7cb24099{number}" for number in (1, 2, 3))
ALLOCATION = {"invoice_id": INVOICE_ID, "invoice_number": "INV-7", "installment_id": None, "amount": usd("40.00")}
PAID: dict[str, Any] = {
    "id": PAYMENT_ID,
    "status": "recorded",
    "patient_id": PATIENT,
    "payer": {"kind": "patient", "name": None},
    "amount": usd("60.00"),
    "method": "bank_card",
    "method_label": None,
    "received_at": "2026-11-30T10:00:00Z",
    "note": "by the window",
    "group_id": None,
    "external_reference": None,
    "allocations": [ALLOCATION],
    "unallocated": usd("20.00"),
    "refunded": usd("0.00"),
    "taken_back": usd("0.00"),
    "refundable": usd("60.00"),
    "transactions": [],
    "edits": [],
}
HELD = {
    "payment_id": PAYMENT_ID,
    "amount": usd("20.00"),
    "payment_amount": usd("60.00"),
    "payer": {"kind": "patient", "name": None},
    "method": "bank_card",
    "method_label": None,
    "treatment_plan_id": None,
    "received_at": "2026-11-30T10:00:00Z",
}
REQUEST = {
    "id": PATIENT,
    "kind": "refund",
    "patient_id": PATIENT,
    "amount": usd("900.00"),
    "reason": "moved away",
    "requested_at": "2026-11-30T10:00:00Z",
    "requested_by": "person:2",
}
INVOICE: dict[str, Any] = {
    "id": PATIENT,
    "patient_id": PATIENT,
    "number": "no. 7",
    "status": "issued",
    "overdue": False,
    "issue_date": "2026-11-30",
    "due_date": "2026-12-30",
    "outstanding": usd("100.00"),
    "settled": usd("0.00"),
    "debited": usd("0.00"),
    "credited": usd("0.00"),
    "totals": {"total": usd("100.00"), "taxes": []},
    "lines": [],
    "discounts": [],
    "charges": [],
    "notes": [],
    "note": None,
    "insurance": [],
    "installment_plan_id": None,
    "issue_problem": None,
}


TRANSACTION: dict[str, Any] = {
    "id": PATIENT,
    "kind": "payment",
    "method": "cash",
    "method_label": None,
    "amount": usd("60.00"),
    "recorded_at": "2026-11-30T10:00:00Z",
    "refundable": usd("60.00"),
    "allocations": [],
}


DRAFT = "01a22a21-2210-773b-a240-f2d7cb2409aa"
LINES = [f"01a22a21-2210-773b-a240-f2d7cb2409b{place}" for place in range(4)]
OF_ACT = {
    "date_of_service": "2026-11-20",
    "provider_id": PATIENT,
    "provider_name": "Dr. Yael Thornton",
    "tooth": "36",
    "surface": "MO",
    "oral_cavity_area": "30",
    "place_of_service": "11",
    "prior_authorization": "PA-55120",
    "provider_npi": "1234567893",
    "prosthesis": "replacement",
    "prior_placement_on": "2019-05-02",
    "appliance_placed_on": "2026-03-01",
    "orthodontic_months": 24,
    "orthodontic_months_left": 18,
    "treatment_plan_id": PATIENT,
    "treatment_plan_item_id": PATIENT,
}
PERCENT = {"percent": "10", "amount": usd("9.50"), "base": usd("95.00"), "reason": "courtesy"}
SHARE = {"percent": "10", "amount": usd("9.50"), "reason": "courtesy"}
FIXED = {"percent": None, "amount": usd("5.00"), "base": None, "reason": "freight"}


def line(place: int, kind: str, **more: Any) -> dict[str, Any]:
    """As invoicing answers it."""
    said = {
        "id": LINES[place],
        "kind": kind,
        "description": f"Line {place}",
        "quantity": "2",
        "base_quantity": "100",
        "unit_price": usd("95.00"),
        "code_system": "SNOMED-CT",
        "code": "1259293006",
        "sku": None,
        "procedure_id": None,
        "tax_category": "S",
        "tax_code": "reduced",
        "discount": {"percent": None, "amount": usd("5.00"), "reason": "courtesy", "tax_category": None},
        "charges": [PERCENT, FIXED],
        "estimates": [{"payer_id": PATIENT, "expected": usd("10.00")}],
    }
    return said | OF_ACT | more


SAVED: dict[str, Any] = {
    "id": DRAFT,
    "patient_id": PATIENT,
    "status": "draft",
    "number": None,
    "note": "by the window",
    "due_date": "2026-12-20",
    "lines": [
        line(0, "procedure", procedure_id=PATIENT),
        line(1, "extra_procedure"),
        line(2, "product", sku="BRUSH", code="BRUSH"),
        line(3, "custom"),
    ],
    "discount": {"percent": "2", "amount": None, "reason": "cash", "tax_category": None},
    "discounts": [SHARE | {"tax_category": "reduced"}, SHARE | {"tax_category": None}],
    "charges": [
        PERCENT | {"tax_category": "S", "tax_code": "reduced"},
        FIXED | {"tax_category": "E", "tax_code": "none"},
    ],
    "appointment_id": PATIENT,
    "primary_payer": {"id": PATIENT, "name": "Aetna"},
    "price_list_id": PATIENT,
    "membership": "gold",
    "totals": {"total": usd("95.00")},
}


NONE: dict[str, Any] = {"items": [], "next": None}
DAY: dict[str, Any] = {
    "GET payments /v1/refund-requests": {"items": [REQUEST], "next": None},
    "GET invoicing /v1/waiting": {
        "credit_requests": {
            "items": [REQUEST | {"kind": "credit_note"}, REQUEST | {"requested_by": "person:1"}],
            "next": None,
        },
        "invoice_reviews": {
            "items": [
                {
                    "invoice_id": PATIENT,
                    "number": "no. 7",
                    "cause": "procedure_reverted",
                    "noted_at": "2026-11-30T10:00:00Z",
                }
            ],
            "next": None,
        },
        "set_aside_decisions": {
            "items": [{"id": PATIENT, "payer_name": "Delta", "detail": "the sums differ"}],
            "next": None,
        },
        "debit_proposals": {
            "items": [
                {"id": PATIENT, "payment_id": PATIENT, "amount": usd("9.00"), "proposed_at": "2026-11-30T10:00:00Z"}
            ],
            "next": None,
        },
    },
    "GET invoicing /v1/reports/ageing": NONE,
    "GET notifications /v1/messages": {
        "items": [
            {
                "id": PATIENT,
                "patient_id": PATIENT,
                "transaction_id": PAYMENT_ID,
                "channel": "email",
                "notice": "payment_recorded",
                "recipient": "a…@example.org",
                "state": "given_up",
                "sent_at": None,
                "planned_at": "2026-11-30T10:00:00Z",
                "cause": None,
                "number": "R-7",
                "invoice_id": None,
                "invoice_number": None,
            }
        ],
        "next": None,
    },
}
"""Something of everything that waits for somebody."""
PLAN: dict[str, Any] = {
    "id": PATIENT,
    "state": "active",
    "overdue": False,
    "invoice_number": "no. 7",
    "agreed_on": "2026-11-30",
    "remaining": usd("100.00"),
    "installments": [
        {
            "id": PATIENT,
            "position": 1,
            "kind": "installment",
            "due_date": "2026-12-30",
            "state": "planned",
            "amount": usd("100.00"),
            "remaining": usd("100.00"),
        }
    ],
}
GROUP: dict[str, Any] = {
    "id": PATIENT,
    "name": "Front office",
    "color": "#7c3aed",
    "position": 0,
    "archived": False,
    "version": 2,
}
NOTICES: dict[str, Any] = {
    "notices": {
        "invoice_overdue": {
            "enabled": True,
            "channels": ["email"],
            "offset_days": 3,
            "texts": {"en": {"subject": "Overdue", "body": "Please pay"}},
            "sms_texts": {"de": "Bitte zahlen"},
            "levels": [{"days": 14, "texts": {"en": {"subject": "Again", "body": "Pay"}}, "sms_texts": {}}],
        }
    },
    "sender": {"name": "Harbor", "address": None, "reply_to": None},
    "documents": "attached",
    "quiet_hours": None,
    "version": 4,
}
LIST: dict[str, Any] = {
    "id": PATIENT,
    "name": "Delta",
    "payer_id": PATIENT,
    "membership": None,
    "is_default": True,
    "archived": False,
    "version": 3,
}
CLINIC_WHOLE: dict[str, Any] = CLINIC | {
    "clinic_id": PATIENT,
    "legal_name": None,
    "address": None,
    "phone": None,
    "email": None,
    "tax_number": None,
    "npi": None,
    "billing_policy": "manual",
    "auto_issue": False,
    "due_days": 30,
    "installment_due_soon_days": 3,
    "credit_limit": None,
    "cash_rounding": None,
    "books_closed_until": None,
    "logo": None,
    "logo_svg": None,
    "paper": "A4",
    "receipt_shows_note": True,
    "retention_years": 10,
    "number_patterns": dict.fromkeys(("invoice", "credit_note", "debit_note", "receipt"), "{year}-{number:06}"),
    "tax_categories": [
        {"code": code, "category": "S", "rate": "7", "rates": [], "exemption_reason": None} for code in ("STD", "LOW")
    ],
}
PROCEDURE: dict[str, Any] = {
    "procedure_id": PATIENT,
    "appointment_id": PATIENT,
    "date_of_service": "2026-11-20",
    "provider_name": None,
    "description": "Filling",
    "code": "D2391",
    "tooth": "36",
    "surface": "MO",
    "fee": usd("95.00"),
}
OPEN: dict[str, Any] = INVOICE | {"id": INVOICE_ID, "number": "no. 8", "status": "issued"}
NOTE: dict[str, Any] = {
    "id": PATIENT,
    "side": "credit",
    "number": "CN-1",
    "kind": "courtesy",
    "issue_date": "2026-11-30",
    "reason": "long wait",
    "total": usd("5.00"),
    "undone_by_id": None,
    "undoes_id": None,
}
RETURNED: dict[str, Any] = {
    "id": PATIENT,
    "address": "a…@example.org",
    "suppressed_at": "2026-11-30T10:00:00Z",
    "status": "5.1.1",
}
ENDPOINT: dict[str, Any] = {
    "id": PATIENT,
    "url": "https://partner.example/hooks",
    "event_types": ["billing.payment.recorded.v1"],
    "description": None,
    "enabled": True,
    "disabled_because": None,
    "failing_since": None,
    "mailed": None,
    "created_at": "2026-11-30T10:00:00Z",
    "version": 2,
}
DELIVERY: dict[str, Any] = {
    "id": PATIENT,
    "event_type": "billing.payment.recorded.v1",
    "state": "given_up",
    "attempts": 9,
    "answer": "503",
    "planned_at": "2026-11-30T10:00:00Z",
}
OWN_TEMPLATE = '{% extends "receipt.html" %}{% block end %}<p>Until spring</p>{% endblock %}'
OWN: dict[str, Any] = {
    "templates": {"receipt": OWN_TEMPLATE},
    "texts": {"en": {"thanks": "See you in spring."}, "de": {"thanks": "Bis zum Frühling."}},
    "version": 3,
}
SYSTEM: dict[str, Any] = {
    "kind": "receipt",
    "name": "receipt.html",
    "template": '{% extends "frame.html" %}{% block body %}{{ amount }}{% endblock %}',
    "frame": "{% block foot %}{% endblock %}{% block body %}{% endblock %}{% block end %}{% endblock %}",
    "texts": {"thanks": "Thank you.", "receipt_heading": "Receipt {number}", "no_invoices": "This payment " * 6},
}
DOCUMENTS: dict[str, Any] = {
    "paper": None,
    "show_note": None,
    "show_procedures": True,
    "account_holder": "Harbor Dental",
    "iban": "DE89370400440532013000",
    "bic": None,
    "payment_link": None,
    "version": 1,
}
FAILURE: dict[str, Any] = {
    "document_id": PATIENT,
    "kind": "receipt",
    "rendition": "original",
    "reason": "line 1: UndefinedError of 'nothing'",
    "failed_at": "2026-11-30T10:00:00Z",
}
WHOLE: dict[str, Any] = DAY | {
    "GET receipts /v1/document-settings": DOCUMENTS,
    "GET receipts /v1/document-templates": OWN,
    "GET receipts /v1/document-templates/failures": {"items": [FAILURE], "next": None},
    "GET receipts /v1/document-templates/system/receipt": SYSTEM,
    "GET notifications /v1/suppressed-addresses": {"items": [RETURNED], "next": None},
    "GET notifications /v1/webhook-endpoints": {"items": [ENDPOINT], "next": None},
    "GET notifications /v1/webhook-endpoints/ID": ENDPOINT,
    "GET notifications /v1/webhook-endpoints/ID/deliveries": {"items": [DELIVERY], "next": None},
    "GET invoicing /v1/clinic": CLINIC_WHOLE,
    "GET invoicing /v1/invoices": {"items": [OPEN, OPEN | {"id": OTHER, "number": "no. 9"}], "next": None},
    "GET invoicing /v1/invoices/ID": INVOICE | {"notes": [NOTE]},
    "GET invoicing /v1/invoices/ID/story": {"steps": []},
    "GET invoicing /v1/billable-procedures": {"items": [PROCEDURE], "next": None},
    "GET invoicing /v1/products": NONE,
    "GET invoicing /v1/price-lists": {"items": [LIST], "next": None},
    "GET invoicing /v1/price-lists/ID": LIST,
    "GET invoicing /v1/price-lists/ID/entries": NONE,
    "GET invoicing /v1/invoices/ID/installment-plan": PLAN,
    "GET payments /v1/patients/ID/credit": {"balance": usd("20.00")},
    "GET payments /v1/patients/ID/credit/parts": {"items": [HELD], "next": None},
    "GET payments /v1/payments/ID": PAID | {"kind": "payment", "recorded_at": "2026-11-30T10:00:00Z"},
    "GET payments /v1/transactions/ID": TRANSACTION,
    "GET payments /v1/payment-groups": {"items": [GROUP], "next": None},
    "GET notifications /v1/notification-settings": NOTICES,
    "POST notifications /v1/templates/preview": {"language": "en", "subject": "", "text": "Please pay"},
}
"""Something of everything on every page."""
