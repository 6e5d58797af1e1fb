"""Which installment plans are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

PlanState = Literal["active", "completed", "cancelled"]


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """Which plans are wanted."""

    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    state: PlanState | None = None
