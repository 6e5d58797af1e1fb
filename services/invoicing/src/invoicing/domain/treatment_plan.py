"""An accepted treatment plan and its items, which can be invoiced ahead (`INV-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.money import Money

from invoicing.domain.claim import NOTHING_SAID, ActDetails


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
    claim: ActDetails = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class BilledItem:
    """An item with the invoice that bills it, by its number once it has one, and the procedure that did it, if any."""

    item: PlanItem
    invoice_id: UUID | None
    number: str | None
    procedure_id: UUID | None


@dataclass(frozen=True, slots=True)
class ListedPlan:
    """A plan in a list: how many items it has, how many are invoiced and done, and their fees in minor units."""

    treatment_plan_id: UUID
    patient_id: UUID
    name: str
    accepted_at: datetime
    items: int
    invoiced_items: int
    done_items: int
    fee_minor: int
    fee_currency: str | None


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
