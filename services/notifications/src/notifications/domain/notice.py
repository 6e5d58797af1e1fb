"""What a clinic tells its patients about, and by which purpose of consent (`NOT-1`, `NOT-2`)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Purpose(StrEnum):
    """What a patient consents to, per contact point (`NOT-2`)."""

    DOCUMENTS = "documents"
    REMINDERS = "reminders"


class Notice(StrEnum):
    """One thing that a patient is told about."""

    INVOICE_ISSUED = "invoice_issued"
    PAYMENT_RECORDED = "payment_recorded"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_CANCELLED = "payment_cancelled"
    PAYMENT_CHARGED_BACK = "payment_charged_back"
    REFUND_CANCELLED = "refund_cancelled"

    @property
    def purpose(self) -> Purpose:
        """Documents and what takes them back: opting out of reminders does not silence these (`NOT-2`)."""
        return Purpose.DOCUMENTS

    @property
    def on_by_default(self) -> bool:
        """A refund that was a clerk's mistake is the clinic's own matter, until it chooses to tell."""
        return self is not Notice.REFUND_CANCELLED


class Document(StrEnum):
    """A PDF that goes with a message; the receipts service keeps it."""

    RECEIPT = "receipt"
    INVOICE = "invoice"


ONLY_STEP: Final = "once"
"""The step of notices that are told once; reminders will have one step each (`NOT-3`)."""
