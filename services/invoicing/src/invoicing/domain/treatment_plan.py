"""An accepted treatment plan and its items, which can be invoiced ahead (`INV-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.money import Money

from invoicing.domain.claim import NOTHING_SAID, ClaimLine


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One planned procedure and the price that the patient accepted."""

    clinic_id: UUID
    item_id: UUID
    treatment_plan_id: UUID
    patient_id: UUID
    position: int
    code_system: str
    code: str
    description: str
    fee: Money
    claim: ClaimLine = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class TreatmentPlan:
    """A plan that the patient accepted; a later acceptance of it replaces its items."""

    clinic_id: UUID
    treatment_plan_id: UUID
    patient_id: UUID
    name: str
    sequence: int
    accepted_at: datetime
    items: tuple[PlanItem, ...]
