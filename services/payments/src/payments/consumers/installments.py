"""An installment plan was agreed, changed or has ended: what payments may name of it, all read alike (`PLN-2`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.message import Handler
from chassis.money import minor_of
from contracts.installments import (
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    InstallmentPlanEvent,
)

from payments.domain.installment import AnnouncedPlan, Installment
from payments.use_cases.follow_installment_plans import follow_installment_plans


def handler(event_class: type[InstallmentPlanEvent]) -> Handler:
    """The handler of one of these events."""

    async def on_event(work: Work, messages: Sequence[Message]) -> None:
        await follow_installment_plans(
            work, [_plan(event_class.model_validate_json(message.data)) for message in messages]
        )

    return on_event


INSTALLMENT_PLAN_HANDLERS: dict[str, Handler] = {
    event_class.event_type: handler(event_class)
    for event_class in (InstallmentPlanAgreed, InstallmentPlanChanged, InstallmentPlanCancelled)
}


def _plan(event: InstallmentPlanEvent) -> AnnouncedPlan:
    return AnnouncedPlan(
        clinic_id=event.clinic_id,
        plan_id=event.plan_id,
        invoice_id=event.invoice_id,
        version=event.version,
        live=not isinstance(event, InstallmentPlanCancelled),
        installments=tuple(
            Installment(
                installment.installment_id, installment.position, installment.due_date, minor_of(installment.amount)
            )
            for installment in event.installments
        ),
    )
