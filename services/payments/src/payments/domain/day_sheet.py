"""What was booked on a clinic's days, by kind, method and group (`PAY-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from payments.domain.transaction import Kind, Method


@dataclass(frozen=True, slots=True)
class Total:
    """How many transactions of one kind, method and group were booked on a day, and their sum in minor units."""

    booked_on: date
    kind: Kind
    method: Method
    method_label: str | None
    group_id: UUID | None
    group_name: str | None
    group_position: int | None
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Cash:
    """What all movements of a method came to, in minor units."""

    method: Method
    method_label: str | None
    minor: int


@dataclass(frozen=True, slots=True)
class Booking:
    """One transaction of a day."""

    transaction_id: UUID
    kind: Kind
    patient_id: UUID
    payment_id: UUID
    amount_minor: int
    method: Method
    method_label: str | None
    group_id: UUID | None
    group_name: str | None
    reason_code: str | None
    reason: str | None
    external_reference: str | None
    recorded_at: datetime
    recorded_by: str
    receipt_number: str | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class BookingFilter:
    """Which of a day's transactions are asked for; what is None does not matter."""

    kind: str | None = None
    method: str | None = None
    method_label: str | None = None
    group_id: UUID | None = None
    in_a_group: bool | None = None
    after: UUID | None = None
