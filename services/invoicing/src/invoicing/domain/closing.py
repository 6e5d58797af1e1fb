"""A visit that is over: its drafts may be issued (`INV-2`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Closing:
    """A visit that is over, and the insurer that is asked first."""

    clinic_id: UUID
    appointment_id: UUID
    patient_id: UUID
    payer_id: UUID | None
    payer_name: str | None
