"""What the services' codes are called at the desk, in English, which the table of words has in every language."""

from __future__ import annotations

LABELS = {
    "tax.S": "With a rate", "tax.E": "Exempt", "tax.Z": "At zero", "tax.O": "Outside of the tax",
    "draft": "Draft", "issued": "Open", "partially_paid": "Partly paid", "paid": "Paid", "written_off": "Written off",
    "credited": "Credited", "void": "Void", "overdue": "Overdue", "recorded": "Recorded",
    "partly_refunded": "Partly refunded", "refunded": "Refunded", "cancelled": "Cancelled",
    "charged_back": "Charged back", "pending": "Being printed", "planned": "Planned", "due": "Due",
    "partly_paid": "Partly paid", "active": "Running", "completed": "Completed", "requested": "Waiting",
    "sent": "Sent", "claimed": "Being sent", "retrying": "Trying again", "suppressed": "Not sent",
    "given_up": "Given up", "refused": "Refused", "unknown": "Unknown whether sent",
    "bounced": "Came back",
    "invoice": "Invoice", "credit_note": "Credit note", "debit_note": "Debit note", "payment": "Payment",
    "refund": "Refund", "cancellation": "Cancellation", "refund_cancellation": "Refund cancelled",
    "refund_cancelled": "Refund cancelled",
    "chargeback": "Chargeback", "credit_application": "Credit applied", "application_cancellation": "Credit taken back",
    "allocation_move": "Moved", "move_cancellation": "Move undone", "credit_transfer_out": "Credit given",
    "credit_transfer_in": "Credit received", "release": "Set free as credit", "take_back": "Taken back by the insurer",
    "take_back_cancellation": "Taking back undone", "insurer_withheld": "Withheld by the insurer",
    "insurer_added": "Added by the insurer", "insurer_interest": "Interest",
    "interest_taken_back": "Interest taken back",
    "refund_adjustment": "Credited for a refund", "receipt": "Receipt", "withdrawal": "Credit paid out",
    "cash": "Cash", "bank_card": "Bank card", "bank_transfer": "Bank transfer", "check": "Check",
    "insurance": "Insurance", "other": "Other",
    "patient": "Patient", "insurer": "Insurer", "third_party": "Somebody else",
    "overpayment": "Overpayment", "treatment_changed": "Treatment changed", "complaint": "Complaint",
    "invoice_settlement": "For an invoice", "deposit": "Deposit", "insurer_remittance": "Remittance",
    "treatment_plan_deposit": "Deposit for a treatment plan",
    "goodwill": "Goodwill", "billing_error": "Billing error",
    "courtesy": "Courtesy", "price_correction": "Price correction", "write_off": "Write-off", "bad_debt": "Bad debt",
    "down_payment": "Down payment", "installment": "Installment",
    "days": "days", "weeks": "weeks", "months": "months",
    "count": "A number of equal installments", "amount_per_period": "An amount per period",
    "installments": "Given dates and amounts",
    "procedure": "Procedure", "extra_procedure": "Extra procedure", "product": "Product", "custom": "Other item",
    "not_due": "Not due", "days_1_30": "1–30 days", "days_31_60": "31–60 days", "days_61_90": "61–90 days",
    "over_90_days": "Over 90 days",
    "manual": "Nothing by itself", "per_appointment": "A draft for each appointment",
    "per_procedure": "A draft for each procedure",
    "attached": "Attached to the mail", "linked": "As a link",
    "invoice_issued": "Invoice issued", "payment_recorded": "Payment recorded", "payment_refunded": "Payment refunded",
    "payment_cancelled": "Payment cancelled", "payment_charged_back": "Payment charged back",
    "plan_agreed": "Plan agreed", "plan_changed": "Plan changed", "plan_cancelled": "Plan cancelled",
    "installment_due_soon": "Installment due soon", "installment_due": "Installment due",
    "installment_overdue": "Installment overdue", "invoice_overdue": "Invoice overdue",
    "no_consent": "no consent", "no_address": "no address", "switched_off": "switched off",
    "no_longer_true": "settled meanwhile", "address_suppressed": "mail to this address came back",
    "procedure_reverted": "Procedure reverted", "price_missing": "Price missing",
    "fee_in_other_currency": "Fee in another currency", "prices_changed": "Prices changed",
    "write_off_capped": "Write-off cut", "decided_beyond_fee": "Decided beyond the fee",
    "decided_after_void": "Decided after it was void",
    "late_fee": "Late fee", "correction": "Correction",
    "drafted": "Drafted", "voided": "Void", "debited": "Debited", "credit_transfer": "Credit transferred",
    "review_opened": "Marked for review", "review_closed": "Looked at", "insurer_decided": "Decided by the insurer",
    "decision_set_aside": "Adjudication parked", "decision_dismissed": "Adjudication dismissed",
}  # fmt: skip
TONES = {
    "draft": "quiet", "issued": "open", "partially_paid": "open", "paid": "good", "written_off": "quiet",
    "credited": "quiet", "void": "quiet", "overdue": "bad", "recorded": "good", "partly_refunded": "open",
    "refunded": "quiet", "cancelled": "quiet", "charged_back": "bad", "pending": "quiet", "planned": "quiet",
    "due": "open", "partly_paid": "open", "active": "open", "completed": "good", "requested": "open", "sent": "good",
    "claimed": "open", "retrying": "open", "suppressed": "quiet", "given_up": "bad", "refused": "bad", "unknown": "bad",
    "bounced": "bad",
}  # fmt: skip
"""How a state is coloured; its word stands there too."""


def label(code: str) -> str:
    """What a code is called; one that is new to these pages as it is, for a person still reads it."""
    return LABELS.get(code, code.replace("_", " "))
