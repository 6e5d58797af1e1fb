"""A decision that was not accepted, with its reason, and what a person decided about it (`INS-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

ParkedState = Literal["open", "applied", "dismissed"]


@dataclass(frozen=True, slots=True)
class ParkedAdjudication:
    """One of them; `document` is the decision as the insurer stated it."""

    id: UUID
    state: ParkedState
    cause: str
    detail: str
    decision_id: UUID
    claim_id: UUID
    invoice_id: UUID
    patient_id: UUID
    payer_id: UUID
    payer_name: str
    remittance_id: UUID | None
    set_aside_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    closed_because: str | None
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ParkedFilter:
    """Which of them are wanted."""

    state: ParkedState | None = None
    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    payer_id: UUID | None = None
    remittance_id: UUID | None = None
