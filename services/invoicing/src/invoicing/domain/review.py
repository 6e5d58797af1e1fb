"""Why a person has to look at an invoice before it goes on (`INV-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Review:
    """What a person has to look at; without a procedure it is about the invoice as a whole."""

    clinic_id: UUID
    invoice_id: UUID
    cause: str
    procedure_id: UUID | None = None
