"""From what became of a receipt to the events that say so; the only place that writes them."""

from __future__ import annotations

from datetime import datetime

from chassis.database import Work
from contracts.event import Amount
from contracts.receipts import ReceiptIssued, ReceiptVoided

from receipts.domain.receipt import Receipt, Stored, Voided

_ISSUED, _VOIDED = 1, 2
"""The sequence of each event: a receipt is told of as issued first, and then, perhaps, as void."""


def announce_issued(work: Work, receipt: Receipt, stored: Stored) -> None:
    """Its bytes are stored and will never change (`RCP-1`)."""
    event = ReceiptIssued(
        clinic_id=receipt.clinic_id,
        occurred_at=stored.at,
        receipt_id=receipt.receipt_id,
        patient_id=receipt.patient_id,
        number=receipt.number,
        kind=receipt.kind,
        transaction_id=receipt.transaction_id,
        amount=Amount(amount=receipt.amount.amount, currency=receipt.amount.currency),
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        language=receipt.language,
        recorded_at=receipt.recorded_at,
    )
    work.announce(event, subject=receipt.receipt_id, sequence=_ISSUED)


def announce_voided(work: Work, receipt: Receipt, voided: Voided, now: datetime) -> None:
    """Its transaction was undone; it is served stamped from now on (`RCP-3`)."""
    event = ReceiptVoided(
        clinic_id=receipt.clinic_id,
        occurred_at=now,
        receipt_id=receipt.receipt_id,
        patient_id=receipt.patient_id,
        number=receipt.number,
        transaction_id=receipt.transaction_id,
        cause=voided.cause,
        reason=voided.reason,
    )
    work.announce(event, subject=receipt.receipt_id, sequence=_VOIDED)
