"""Payments and refunds, as their events say that they stand, and the receipts that prove them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class TransactionState:
    """What one event says of a payment or refund."""

    clinic_id: UUID
    transaction_id: UUID
    patient_id: UUID
    stands: bool
    payer_name: str | None = None
    by_insurer: bool | None = None
    """Whether an insurer paid, as the payment's own event says: what it overpaid is none of the patient's credit."""


@dataclass(frozen=True)
class ReceiptNumber:
    """The receipt that proves a transaction."""

    clinic_id: UUID
    transaction_id: UUID
    receipt_id: UUID
    number: str
