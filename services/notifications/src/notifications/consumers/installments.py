"""Installment plans and their reminders, from their events into messages and what their check reads."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.installments import (
    InstallmentDue,
    InstallmentDueSoon,
    InstallmentOverdue,
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    InstallmentPlanEvent,
    InstallmentReminder,
)

from notifications.consumers.event_mapping import events_of, to_schedule
from notifications.domain.installment_plan import PlannedInstallment, PlanVersion
from notifications.domain.message import Subject
from notifications.domain.notice import Document, Notice
from notifications.persistence import installment_plans
from notifications.use_cases.schedule_messages import schedule_messages


async def notify_plans(
    work: Work,
    events: Sequence[tuple[Message, InstallmentPlanEvent]],
    notice: Notice,
    *,
    live: bool = True,
    told: Sequence[bool] | None = None,
) -> None:
    """Note how plans stand, and plan to tell; `told` leaves out what is told by something else."""
    await installment_plans.keep_newest(work, [_version(event, live=live) for _, event in events])
    wanted = [True] * len(events) if told is None else told
    commands = [
        to_schedule(work, message, event, event.patient_id, notice, _of_plan(event, with_document=live))
        for (message, event), is_wanted in zip(events, wanted, strict=True)
        if is_wanted
    ]
    await schedule_messages(work, commands)


async def remind(work: Work, events: Sequence[tuple[Message, InstallmentReminder]], notice: Notice) -> None:
    """Plan to remind."""
    commands = [
        to_schedule(work, message, event, event.patient_id, notice, _of_installment(event)) for message, event in events
    ]
    await schedule_messages(work, commands)


def _version(event: InstallmentPlanEvent, *, live: bool) -> PlanVersion:
    return PlanVersion(
        event.clinic_id,
        event.plan_id,
        event.invoice_id,
        event.version,
        live,
        [
            PlannedInstallment(installment.installment_id, installment.due_date, minor_of(installment.remaining))
            for installment in sorted(event.installments, key=lambda one: one.position)
        ],
    )


def _of_plan(event: InstallmentPlanEvent, *, with_document: bool) -> Subject:
    return Subject(
        number=event.invoice_number,
        amount_minor=minor_of(event.outstanding),
        currency=event.outstanding.currency,
        at=event.occurred_at,
        invoice_id=event.invoice_id,
        plan_id=event.plan_id,
        plan_version=event.version,
        outstanding_minor=minor_of(event.outstanding),
        agreed_minor=sum(minor_of(part.patient_part or part.remaining) for part in event.installments),
        document=Document.PLAN if with_document else None,
        document_id=event.plan_id if with_document else None,
    )


def _of_installment(event: InstallmentReminder) -> Subject:
    return Subject(
        number=event.invoice_number,
        amount_minor=minor_of(event.remaining),
        currency=event.remaining.currency,
        at=event.occurred_at,
        due_date=event.due_date.isoformat(),
        invoice_id=event.invoice_id,
        plan_id=event.plan_id,
        installment_id=event.installment_id,
        position=event.position,
        installments=event.installments,
        outstanding_minor=minor_of(event.outstanding),
    )


async def on_installment_plan_agreed(work: Work, messages: Sequence[Message]) -> None:
    """Note the plans, and plan to tell.

    The patient gets what was agreed.
    """
    await notify_plans(work, events_of(InstallmentPlanAgreed, messages), Notice.PLAN_AGREED)


async def on_installment_plan_changed(work: Work, messages: Sequence[Message]) -> None:
    """Note the plans, and plan to tell.

    The patient gets what is agreed now; reminders of the old version end (`NOT-4`).
    """
    await notify_plans(work, events_of(InstallmentPlanChanged, messages), Notice.PLAN_CHANGED)


async def on_installment_plan_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Note that they ended, and plan to tell of those that a person ended: else nothing is left to be paid.

    The patient is told, and reminded of it no more (`NOT-4`).
    """
    events = events_of(InstallmentPlanCancelled, messages)
    told = [event.cause == "cancelled" for _, event in events]
    await notify_plans(work, events, Notice.PLAN_CANCELLED, live=False, told=told)


async def on_installment_due_soon(work: Work, messages: Sequence[Message]) -> None:
    """Plan to remind.

    The patient is reminded (`PLN-4`).
    """
    await remind(work, events_of(InstallmentDueSoon, messages), Notice.INSTALLMENT_DUE_SOON)


async def on_installment_due(work: Work, messages: Sequence[Message]) -> None:
    """Plan to remind.

    The patient is reminded (`PLN-4`).
    """
    await remind(work, events_of(InstallmentDue, messages), Notice.INSTALLMENT_DUE)


async def on_installment_overdue(work: Work, messages: Sequence[Message]) -> None:
    """Plan to remind.

    The patient is reminded (`PLN-4`).
    """
    await remind(work, events_of(InstallmentOverdue, messages), Notice.INSTALLMENT_OVERDUE)
