"""A patient accepted a treatment plan: its items can be invoiced ahead (`INV-10`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.clinical import PlannedItem, TreatmentPlanAccepted

from invoicing.consumers.fees import fee_of
from invoicing.domain.treatment_plan import PlanItem, TreatmentPlan
from invoicing.use_cases.accept_treatment_plans import accept_treatment_plans


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Take a batch of accepted plans."""
    await accept_treatment_plans(work, [_plan_of(message) for message in messages])


def _plan_of(message: Message) -> TreatmentPlan:
    event = TreatmentPlanAccepted.model_validate_json(message.data)
    items = tuple(_item_of(event, item, position, message) for position, item in enumerate(event.items, start=1))
    return TreatmentPlan(
        clinic_id=event.clinic_id,
        treatment_plan_id=event.treatment_plan_id,
        patient_id=event.patient_id,
        name=event.name,
        sequence=message.sequence,
        accepted_at=event.occurred_at,
        items=items,
    )


def _item_of(event: TreatmentPlanAccepted, item: PlannedItem, position: int, message: Message) -> PlanItem:
    return PlanItem(
        clinic_id=event.clinic_id,
        item_id=item.item_id,
        treatment_plan_id=event.treatment_plan_id,
        patient_id=event.patient_id,
        position=position,
        code_system=item.code_system,
        code=item.code,
        description=item.description,
        fee=fee_of(item.fee, message),
        tooth=item.tooth,
        surface=item.surface,
    )
