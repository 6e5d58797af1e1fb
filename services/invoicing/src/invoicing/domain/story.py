"""One step of an invoice's story: a document, a payment, a review or a reminder of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

Place = tuple[datetime, int, UUID, UUID]
"""Where a step stands: its instant, its kind's place in it, and which one it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happened, by whom and why, what it was about, and what the invoice asked for after it; minor units."""

    at: datetime
    place: int
    id: UUID
    part: UUID
    kind: str
    by_subject: str | None
    reason: str | None
    number: str | None
    detail: str | None
    document_id: UUID | None
    transaction_id: UUID | None
    payment_id: UUID | None
    procedure_id: UUID | None
    method: str | None
    amount_minor: int | None
    outstanding_minor: int
    installment_id: UUID | None
    position: int | None
    due_date: date | None

    @property
    def stands_at(self) -> Place:
        """Where it stands."""
        return self.at, self.place, self.id, self.part
