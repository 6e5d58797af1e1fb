"""A payment as it is shown: as it was recorded, as it stands, and who edited it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from payments.domain.payment import Payment
from payments.domain.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """Which payments are asked for; what is None does not matter."""

    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    booked_from: date | None = None
    booked_to: date | None = None
    method: str | None = None
    group_id: UUID | None = None
    status: str | None = None
    external_reference: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A payment as it stands, with its transaction and the numbers of its invoices."""

    transaction: Transaction
    payment: Payment
    numbers: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class Relabeling:
    """One edit: the payment's version with it, the labels before and after, when, by whom, and why, if it was said."""

    version: int
    group_before: UUID | None
    note_before: str | None
    group_after: UUID | None
    note_after: str | None
    changed_at: datetime
    changed_by: str
    reason: str | None
