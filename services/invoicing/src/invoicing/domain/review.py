"""Why a person has to look at an invoice before it goes on (`INV-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Review:
    """What a person has to look at; without a procedure it is about the invoice as a whole."""

    clinic_id: UUID
    invoice_id: UUID
    cause: str
    procedure_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedReview:
    """A review with its invoice, and by whom it was closed, if it was."""

    id: UUID
    invoice_id: UUID
    number: str | None
    status: str
    patient_id: UUID
    appointment_id: UUID | None
    cause: str
    procedure_id: UUID | None
    noted_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews are wanted: open ones, or closed ones."""

    closed: bool = False
    cause: str | None = None
    patient_id: UUID | None = None
    invoice_id: UUID | None = None
