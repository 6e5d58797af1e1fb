"""One example of each answer, for the API's description."""

from __future__ import annotations

from typing import Any

INVOICE = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c01"
PATIENT = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c02"
OTHER_PATIENT = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c03"
GROUP = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c04"
INSURER = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c05"
LINE = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c07"
PAYMENT = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c06"
REFUND = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c07"
TRANSFER = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c08"
REQUEST = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c09"
RECEIPT = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c0a"
PLAN = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c0b"
NOW = "2026-11-23T15:00:00Z"
TODAY = "2026-11-23"


def usd(amount: str) -> dict[str, str]:
    """An amount."""
    return {"amount": amount, "currency": "USD"}


_WHO = {"kind": "patient", "payer_id": None, "name": None}

PAYMENT_EXAMPLE: dict[str, Any] = {
    "id": PAYMENT,
    "status": "partly_refunded",
    "patient_id": PATIENT,
    "payer": _WHO,
    "amount": usd("86.28"),
    "method": "bank_card",
    "method_label": None,
    "received_at": NOW,
    "recorded_at": NOW,
    "booked_on": TODAY,
    "recorded_by": "clerk:7f1c",
    "note": "paid at the desk",
    "group_id": GROUP,
    "external_reference": None,
    "treatment_plan_id": None,
    "reason_code": "invoice_settlement",
    "allocations": [
        {"invoice_id": INVOICE, "invoice_number": "INV-2026-000017", "installment_id": None, "amount": usd("66.28")}
    ],
    "unallocated": usd("0.00"),
    "refunded": usd("20.00"),
    "taken_back": usd("0.00"),
    "refundable": usd("66.28"),
    "version": 2,
}
REFUND_EXAMPLE: dict[str, Any] = {
    "id": REFUND,
    "kind": "refund",
    "patient_id": PATIENT,
    "payment_id": PAYMENT,
    "reverses_id": None,
    "linked_id": None,
    "payer": _WHO,
    "amount": usd("20.00"),
    "method": "bank_card",
    "method_label": None,
    "reason_code": "treatment_changed",
    "reason": "one filling less than planned",
    "external_reference": None,
    "recorded_at": NOW,
    "booked_on": TODAY,
    "recorded_by": "clerk:7f1c",
    "group_id": GROUP,
    "request_id": None,
    "settlements": [
        {
            "invoice_id": INVOICE,
            "invoice_number": "INV-2026-000017",
            "payment_id": PAYMENT,
            "installment_id": None,
            "change": usd("-20.00"),
            "credited": usd("20.00"),
        }
    ],
    "adjustments": [{"invoice_id": INVOICE, "wanted": usd("20.00"), "credited": usd("20.00")}],
    "patient_credit_change": usd("0.00"),
    "lost": usd("0.00"),
}
_SIDE = REFUND_EXAMPLE | {
    "kind": "credit_transfer_out",
    "payment_id": None,
    "linked_id": TRANSFER,
    "amount": usd("15.00"),
    "method": "other",
    "method_label": "patient credit",
    "reason_code": None,
    "reason": "paid for the sister",
    "settlements": [],
    "adjustments": [],
    "patient_credit_change": usd("-15.00"),
    "lost": usd("0.00"),
}
TRANSFER_EXAMPLE: dict[str, Any] = {
    "out": _SIDE,
    "into": _SIDE
    | {
        "id": TRANSFER,
        "kind": "credit_transfer_in",
        "patient_id": OTHER_PATIENT,
        "linked_id": REFUND,
        "patient_credit_change": usd("15.00"),
        "lost": usd("0.00"),
    },
}
INVOICE_EXAMPLE: dict[str, Any] = {
    "invoice_id": INVOICE,
    "patient_id": PATIENT,
    "number": "INV-2026-000017",
    "status": "partially_paid",
    "overdue": False,
    "due_date": "2026-12-23",
    "total": usd("120.00"),
    "debited": usd("0.00"),
    "credited": usd("20.00"),
    "settled": usd("66.28"),
    "outstanding": usd("33.72"),
}
GROUP_EXAMPLE: dict[str, Any] = {
    "id": GROUP,
    "name": "Orthodontics",
    "color": "#4a90d9",
    "position": 1,
    "archived": False,
    "version": 1,
}
GROUP_CHANGE_EXAMPLE: dict[str, Any] = {
    "version": 1,
    "change": "created",
    "name": "Orthodontics",
    "color": "#4a90d9",
    "position": 1,
    "archived": False,
    "changed_at": NOW,
    "changed_by": "manager:02aa",
    "reason": "braces are offered from now on",
}
EDIT_EXAMPLE: dict[str, Any] = {
    "version": 2,
    "group_before": None,
    "group_after": GROUP,
    "note_before": "paid at the desk",
    "note_after": "paid at the desk",
    "changed_at": NOW,
    "changed_by": "clerk:7f1c",
    "reason": "was put into no group",
}
CREDIT_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "balance": usd("215.00"),
    "by_treatment_plan": [{"treatment_plan_id": PLAN, "amount": usd("200.00")}],
    "insurers": [],
}
CREDIT_PART_EXAMPLE: dict[str, Any] = {
    "payment_id": PAYMENT,
    "amount": usd("200.00"),
    "payment_amount": usd("200.00"),
    "paid_for": PATIENT,
    "payer": _WHO,
    "method": "bank_transfer",
    "method_label": None,
    "treatment_plan_id": PLAN,
    "received_at": NOW,
}
WITHDRAWAL_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "amount": usd("20.00"),
    "refunds": [
        REFUND_EXAMPLE
        | {"reason_code": "overpayment", "reason": "moves to another town", "settlements": [], "adjustments": []}
    ],
}
REQUEST_EXAMPLE: dict[str, Any] = {
    "id": REQUEST,
    "state": "completed",
    "kind": "refund",
    "patient_id": PATIENT,
    "payment_id": PAYMENT,
    "treatment_plan_id": None,
    "amount": usd("250.00"),
    "limit": usd("200.00"),
    "reason_code": "complaint",
    "reason": "the crown has to be made again elsewhere",
    "method": None,
    "method_label": None,
    "requested_by": "clerk:7f1c",
    "requested_at": NOW,
    "decided_by": "manager:02aa",
    "decided_at": NOW,
    "decision_reason": None,
    "allocations": [],
    "transactions": [REFUND],
    "version": 2,
}
SETTINGS_EXAMPLE: dict[str, Any] = {
    "refund_limit": usd("200.00"),
    "reason": "as the owner asked",
    "changed_at": NOW,
    "changed_by": "owner:11d0",
    "version": 1,
}
ACCOUNT_LINE_EXAMPLE: dict[str, Any] = {
    "id": PAYMENT,
    "kind": "payment",
    "number": None,
    "date": TODAY,
    "recorded_at": NOW,
    "amount": usd("86.28"),
    "change": usd("-86.28"),
    "balance": usd("33.72"),
    "insurers_credit_change": usd("0.00"),
    "insurers_credit": usd("0.00"),
    "invoice_id": None,
    "transaction_id": PAYMENT,
    "payment_id": PAYMENT,
    "method": "bank_card",
    "method_label": None,
    "group_id": GROUP,
    "payer_kind": "patient",
    "payer_name": None,
    "reason_code": "invoice_settlement",
    "reason": None,
    "recorded_by": "clerk:7f1c",
    "received_at": NOW,
    "receipt": {"id": RECEIPT, "number": "REC-2026-000042", "void": False},
}
STATEMENT_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT,
    "from": "2026-11-01",
    "to": "2026-11-30",
    "opening_balance": usd("120.00"),
    "closing_balance": usd("33.72"),
    "opening_insurers_credit": usd("0.00"),
    "closing_insurers_credit": usd("0.00"),
    "items": [ACCOUNT_LINE_EXAMPLE],
    "next": None,
    "next_due": {
        "invoice_id": INVOICE,
        "invoice_number": "INV-2026-000118",
        "installment_id": None,
        "position": None,
        "due_date": "2026-12-23",
        "amount": usd("33.72"),
    },
    "insurers_to_pay": usd("0.00"),
    "insurers": [],
    "ageing": {
        "not_due": usd("33.72"),
        "days_1_30": usd("0.00"),
        "days_31_60": usd("0.00"),
        "days_61_90": usd("0.00"),
        "over_90_days": usd("0.00"),
        "total": usd("33.72"),
    },
}
ACCOUNT_CSV_EXAMPLE = (
    "date,recorded_at,kind,number,receipt_number,amount,change,balance,currency,method,method_label,reason,"
    "id,invoice_id,payment_id,group_id,reason_code,recorded_by,insurers_credit_change,insurers_credit,received_at\r\n"
    f"{TODAY},2026-11-23T15:00:00+00:00,payment,,REC-2026-000042,86.28,-86.28,33.72,USD,bank_card,,,"
    f"{PAYMENT},,{PAYMENT},{GROUP},invoice_settlement,clerk:7f1c,0.00,0.00,2026-11-23T15:00:00+00:00\r\n"
)
_FIGURES = {
    "payments": {"count": 2, "amount": usd("150.00")},
    "refunds": {"count": 1, "amount": usd("20.00")},
    "cancellations": {"count": 0, "amount": usd("0.00")},
    "refund_cancellations": {"count": 0, "amount": usd("0.00")},
    "chargebacks": {"count": 0, "amount": usd("0.00")},
    "take_backs": {"count": 0, "amount": usd("0.00")},
    "insurer_withheld": {"count": 0, "amount": usd("0.00")},
    "insurer_added": {"count": 0, "amount": usd("0.00")},
    "insurer_interest": {"count": 0, "amount": usd("0.00")},
    "interest_taken_back": {"count": 0, "amount": usd("0.00")},
    "take_back_cancellations": {"count": 0, "amount": usd("0.00")},
    "net": usd("130.00"),
}
_CASH = _FIGURES | {"opening": usd("1250.00"), "closing": usd("1380.00")}
_SUMS: dict[str, Any] = {
    "totals": _CASH,
    "by_method": [{"method": "bank_card", "method_label": None} | _CASH],
    "by_group": [{"group_id": GROUP, "group_name": "Orthodontics"} | _FIGURES],
}
DAY_SHEET_EXAMPLE: dict[str, Any] = {"date": TODAY} | _SUMS
PERIOD_EXAMPLE: dict[str, Any] = {"from": TODAY, "to": TODAY} | _SUMS | {"days": [{"date": TODAY} | _CASH]}
BOOKING_EXAMPLE: dict[str, Any] = {
    "id": PAYMENT,
    "kind": "payment",
    "patient_id": PATIENT,
    "payment_id": PAYMENT,
    "amount": usd("86.28"),
    "method": "bank_card",
    "method_label": None,
    "group_id": GROUP,
    "group_name": "Orthodontics",
    "reason_code": "invoice_settlement",
    "reason": None,
    "external_reference": None,
    "recorded_at": NOW,
    "recorded_by": "clerk:7f1c",
    "receipt_number": "REC-2026-000042",
    "received_at": NOW,
}
TOTALS_CSV_EXAMPLE = (
    "date,by,method,method_label,group_id,group_name,opening,payments_count,payments,refunds_count,refunds,"
    "cancellations_count,cancellations,refund_cancellations_count,refund_cancellations,chargebacks_count,chargebacks,"
    "net,closing,currency,take_backs_count,take_backs,insurer_withheld_count,insurer_withheld,insurer_added_count,"
    "insurer_added,insurer_interest_count,insurer_interest,interest_taken_back_count,interest_taken_back,"
    "take_back_cancellations_count,take_back_cancellations\r\n"
    f"{TODAY},total,,,,,1250.00,2,150.00,1,20.00,0,0.00,0,0.00,0,0.00,130.00,1380.00,USD,0,0.00,0,0.00,0,0.00,0,"
    "0.00,0,0.00,0,0.00\r\n"
)
BOOKINGS_CSV_EXAMPLE = (
    "recorded_at,kind,amount,net,currency,method,method_label,group_name,receipt_number,reason,external_reference,"
    "recorded_by,id,payment_id,patient_id,group_id,reason_code,received_at\r\n"
    f"2026-11-23T15:00:00+00:00,payment,86.28,86.28,USD,bank_card,,Orthodontics,REC-2026-000042,,,clerk:7f1c,"
    f"{PAYMENT},{PAYMENT},{PATIENT},{GROUP},invoice_settlement,2026-11-23T15:00:00+00:00\r\n"
)
_NOTHING = usd("0.00")
_CARD = {
    "opening": usd("200.00"),
    "debits": usd("150.00"),
    "credits": usd("20.00"),
    "balance": usd("330.00"),
}
_OWED = {
    "opening": usd("-200.00"),
    "debits": usd("20.00"),
    "credits": usd("150.00"),
    "balance": usd("-330.00"),
}
TRIAL_BALANCE_EXAMPLE: dict[str, Any] = {
    "from": "2026-11-01",
    "to": "2026-11-30",
    "accounts": [
        {
            "account": "money",
            "kind": "asset",
            "entries": 5,
            "parts": [{"method": "bank_card", "payer_kind": "patient"} | _CARD],
        }
        | _CARD,
        {
            "account": "patient_credit",
            "kind": "liability",
            "entries": 5,
            "parts": [{"method": None, "payer_kind": "patient"} | _OWED],
        }
        | _OWED,
    ],
    "totals": {"opening": _NOTHING, "debits": usd("170.00"), "credits": usd("170.00"), "balance": _NOTHING},
    "balanced": True,
}
ENTRY_EXAMPLE: dict[str, Any] = {
    "entry_id": 9120,
    "booked_on": TODAY,
    "posting_id": PAYMENT,
    "kind": "payment",
    "number": None,
    "account": "money",
    "debit": usd("86.28"),
    "credit": None,
    "method": "bank_card",
    "payer_kind": "patient",
    "patient_id": None,
    "invoice_id": None,
    "payment_id": PAYMENT,
}
CSV_EXAMPLE = (
    "entry_id,booked_on,posting_id,kind,number,account,debit,credit,currency,method,payer_kind,patient_id,invoice_id,"
    "payment_id\r\n"
    f"9120,{TODAY},{PAYMENT},payment,,money,86.28,,USD,bank_card,patient,,,{PAYMENT}\r\n"
)
