"""The receipt of Amara's payment, and what she was told."""

from __future__ import annotations

from typing import Any

from contracts.golden.example import AMARA, CLINIC, PAYMENT, RECEIPT, Golden, at, numbered, usd
from contracts.notifications import NotificationFailed, NotificationSent, NotificationSuppressed
from contracts.receipts import ReceiptIssued, ReceiptVoided

RECEIPTS = "/dental-billing/receipts"
NOTIFICATIONS = "/dental-billing/notifications"

ISSUED = ReceiptIssued(
    clinic_id=CLINIC,
    occurred_at=at(20, 15, 12),
    receipt_id=RECEIPT,
    patient_id=AMARA,
    number="REC-2026-000204",
    kind="payment",
    transaction_id=PAYMENT,
    amount=usd("70.00"),
    sha256="5b4c1c7f6f0d5b3a9d3f0f5d9a7f3d0f6f7ce5c9b9f4a5f2c1f3b1e7a4c2d8e0",
    size_bytes=28_417,
    language="es-US",
    recorded_at=at(20, 15, 12),
)

VOIDED = ReceiptVoided(
    clinic_id=CLINIC,
    occurred_at=at(23, 15, 30),
    receipt_id=RECEIPT,
    patient_id=AMARA,
    number="REC-2026-000204",
    transaction_id=PAYMENT,
    cause="cancellation",
    reason="Recorded for the wrong patient",
)

TO_AMARA: dict[str, Any] = {"clinic_id": CLINIC, "patient_id": AMARA, "template_version": 1}

SENT = NotificationSent(
    **TO_AMARA,
    occurred_at=at(20, 15, 13),
    notification_id=numbered(0x10, 1),
    about_event_id=str(numbered(0xE5, 1)),
    about_event_type="billing.receipt.issued.v1",
    channel="email",
    template="payment_recorded",
    attempts=1,
)

FAILED = NotificationFailed(
    **TO_AMARA,
    occurred_at=at(24, 15, 30),
    notification_id=numbered(0x10, 2),
    about_event_id=str(numbered(0xE4, 4)),
    about_event_type="billing.payment.cancelled.v1",
    channel="email",
    template="payment_cancelled",
    attempts=14,
    outcome="given_up",
)

SUPPRESSED = NotificationSuppressed(
    **TO_AMARA,
    occurred_at=at(20, 15, 6),
    notification_id=numbered(0x10, 3),
    about_event_id=str(numbered(0xE3, 2)),
    about_event_type="billing.invoice.issued.v1",
    channel="email",
    template="invoice_issued",
    attempts=0,
    cause="switched_off",
)

EXAMPLES = (
    Golden(ISSUED, RECEIPTS, RECEIPT, 1, numbered(0xE5, 1)),
    Golden(VOIDED, RECEIPTS, RECEIPT, 2, numbered(0xE5, 2)),
    Golden(SENT, NOTIFICATIONS, SENT.notification_id, 2, numbered(0xE6, 1)),
    Golden(FAILED, NOTIFICATIONS, FAILED.notification_id, 15, numbered(0xE6, 2)),
    Golden(SUPPRESSED, NOTIFICATIONS, SUPPRESSED.notification_id, 2, numbered(0xE6, 3)),
)
