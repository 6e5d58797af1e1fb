"""What the clinical system did: procedures, appointments and treatment plans (`INV-1`, `INV-10`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.numbering import DateBeforeSeries
from chassis.members import Members
from chassis.messaging import Message, NotYet, Permanent
from chassis.money import Money, MoneyError
from contracts.clinical import (
    AppointmentClosed,
    PlannedItem,
    ProcedureCompleted,
    ProcedureReverted,
    TreatmentPlanAccepted,
)

from contracts import Amount
from invoicing.domain.billable_procedure import BillableProcedure, Reversal
from invoicing.domain.claim import ActDetails
from invoicing.domain.closing import Closing
from invoicing.domain.treatment_plan import PlanItem, TreatmentPlan
from invoicing.use_cases.accept_treatment_plans import accept_treatment_plans
from invoicing.use_cases.close_appointments import close_appointments
from invoicing.use_cases.take_back_procedures import take_back_procedures
from invoicing.use_cases.take_completed_procedures import take_completed_procedures


def fee_of(amount: Amount, message: Message) -> Money:
    """A fee that an invoice can ask for. Raises Permanent, naming what is wrong with it (`MON-1`)."""
    try:
        fee = Money.of(amount)
    except MoneyError as error:
        raise Permanent(f"the fee is no amount of money: {type(error).__name__}", [message]) from error
    if fee.minor < 0:
        raise Permanent("the fee is below zero", [message])
    if fee > Money.largest(fee.currency):
        raise Permanent("the fee is more than any invoice asks for", [message])
    return fee


_OF_ACT = Members(ProcedureCompleted, ActDetails)
_OF_ITEM = Members(PlannedItem, ActDetails)


async def on_procedure_completed(work: Work, messages: Sequence[Message]) -> None:
    """Take a batch of completed procedures.

    A procedure was completed: it may be billed, once (`INV-1`).
    """
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
        fee=fee_of(event.fee, message) if event.fee else None,
        treatment_plan_id=event.treatment_plan_id,
        treatment_plan_item_id=event.treatment_plan_item_id,
        claim=ActDetails(**_OF_ACT.of(event)),
    )


async def on_procedure_reverted(work: Work, messages: Sequence[Message]) -> None:
    """Take a batch of procedures back.

    A completed procedure was taken back (`INV-1`).
    """
    await take_back_procedures(work, [_reversal_of(message) for message in messages])


def _reversal_of(message: Message) -> Reversal:
    event = ProcedureReverted.model_validate_json(message.data)
    return Reversal(event.clinic_id, event.procedure_id, event.patient_id, message.sequence, event.reason)


async def on_appointment_closed(work: Work, messages: Sequence[Message]) -> None:
    """Close a batch of appointments.

    A visit is over: its draft may be issued (`INV-2`).
    """
    try:
        await close_appointments(work, [_closing_of(message) for message in messages])
    except DateBeforeSeries as early:
        # Midnight passed between two transactions; by the next try it has passed for this one too.
        raise NotYet(str(early)) from early


def _closing_of(message: Message) -> Closing:
    event = AppointmentClosed.model_validate_json(message.data)
    return Closing(
        clinic_id=event.clinic_id,
        appointment_id=event.appointment_id,
        patient_id=event.patient_id,
        payer_id=event.primary_payer_id,
        payer_name=event.primary_payer_name,
    )


async def on_treatment_plan_accepted(work: Work, messages: Sequence[Message]) -> None:
    """Take a batch of accepted plans.

    A patient accepted a treatment plan: its items can be invoiced ahead (`INV-10`).
    """
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
        claim=ActDetails(**_OF_ITEM.of(item)),
    )
