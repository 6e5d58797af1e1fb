"""Installment plans, from their events into agreements and what receipts say of the next installment."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import Money
from contracts.installments import (
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    InstallmentPlanEvent,
)

from receipts.consumers.event_mapping import attribute_failures, waited_for
from receipts.domain.installment_plan import Installment, InstallmentPlan, PlanEnd
from receipts.use_cases.keep_installment_plans import keep_installment_plans


async def keep(
    work: Work, messages: Sequence[Message], events: Sequence[InstallmentPlanEvent], *, ended: bool = False
) -> None:
    """Keep these versions of plans; one whose clinic, patient or invoice is not known yet waits."""
    plans = [to_plan(event, ended=ended) for event in events]
    with attribute_failures({one.plan_id: message for one, message in zip(plans, messages, strict=True)}):
        await keep_installment_plans(work, plans, waited_for(messages, plans))


def to_plan(event: InstallmentPlanEvent, *, ended: bool) -> InstallmentPlan:
    """A version of a plan as the domain knows it."""
    return InstallmentPlan(
        plan_id=event.plan_id,
        version=event.version,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        invoice_id=event.invoice_id,
        invoice_number=event.invoice_number,
        agreed_on=event.agreed_on,
        decided_at=event.occurred_at,
        total=Money.of(event.total),
        outstanding=Money.of(event.outstanding),
        installments=tuple(
            Installment(
                installment_id=installment.installment_id,
                position=installment.position,
                kind=installment.kind,
                due=installment.due_date,
                amount=Money.of(installment.amount),
                remaining=Money.of(installment.remaining),
                patients=None if installment.patient_part is None else Money.of(installment.patient_part),
            )
            for installment in sorted(event.installments, key=lambda one: one.position)
        ),
        end=PlanEnd(at=event.occurred_at, reason=event.by.reason) if ended else None,
    )


async def on_installment_plan_agreed(work: Work, messages: Sequence[Message]) -> None:
    """Keep the plans of a batch.

    An invoice's outstanding was divided into installments: freeze what was agreed (`PLN-1`).
    """
    await keep(work, messages, [InstallmentPlanAgreed.model_validate_json(message.data) for message in messages])


async def on_installment_plan_changed(work: Work, messages: Sequence[Message]) -> None:
    """Keep the plans of a batch.

    An installment plan has a new version: freeze what was agreed (`PLN-5`).
    """
    await keep(work, messages, [InstallmentPlanChanged.model_validate_json(message.data) for message in messages])


async def on_installment_plan_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Keep the plans of a batch.

    An installment plan has ended: its agreement is served as void from now on (`PLN-5`).
    """
    await keep(
        work, messages, [InstallmentPlanCancelled.model_validate_json(message.data) for message in messages], ended=True
    )
