"""Patient credit, part by part, as the sums of what events say: the same in whatever order one hears of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CreditPartChange:
    """By how much one event changed what a patient holds as credit of a payment (`PAY-3`)."""

    clinic_id: UUID
    patient_id: UUID
    payment_id: UUID
    held_minor: int
    """Positive when more is held, negative when less."""


@dataclass(frozen=True)
class CreditPart:
    """What a patient holds as credit of a payment, as payments has it at one moment."""

    clinic_id: UUID
    patient_id: UUID
    payment_id: UUID
    held_minor: int
