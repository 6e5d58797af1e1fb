"""A procedure was completed: it may be billed, once (`INV-1`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.numbering import DateBeforeSeries
from chassis.messaging import Message, NotYet
from contracts.clinical import ProcedureCompleted

from invoicing.consumers.fees import fee_of
from invoicing.domain.billable_procedure import BillableProcedure
from invoicing.domain.claim import LineClaim
from invoicing.use_cases.take_completed_procedures import take_completed_procedures


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Take a batch of completed procedures."""
    try:
        await take_completed_procedures(work, [_procedure_of(message) for message in messages])
    except DateBeforeSeries as early:
        # Midnight passed between two transactions; by the next try it has passed for this one too.
        raise NotYet(str(early)) from early


def _procedure_of(message: Message) -> BillableProcedure:
    event = ProcedureCompleted.model_validate_json(message.data)
    return BillableProcedure(
        procedure_id=event.procedure_id,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        sequence=message.sequence,
        code_system=event.code_system,
        code=event.code,
        description=event.description,
        date_of_service=event.date_of_service,
        appointment_id=event.appointment_id,
        provider_id=event.provider_id,
        provider_name=event.provider_name,
        tooth=event.tooth,
        surface=event.surface,
        fee=fee_of(event.fee, message) if event.fee else None,
        treatment_plan_id=event.treatment_plan_id,
        treatment_plan_item_id=event.treatment_plan_item_id,
        claim=LineClaim(**{name: getattr(event, name) for name in LineClaim.__dataclass_fields__}),
    )
