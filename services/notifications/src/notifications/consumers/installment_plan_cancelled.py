"""InstallmentPlanCancelled: the patient is told, and reminded of it no more (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.installments import InstallmentPlanCancelled

from notifications.consumers.reading import events_of
from notifications.consumers.reminding import tell_of_plans
from notifications.domain.notice import Notice


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note that they ended, and plan to tell of those that a person ended: else nothing is left to be paid."""
    events = events_of(InstallmentPlanCancelled, messages)
    told = [event.cause == "cancelled" for _, event in events]
    await tell_of_plans(work, events, Notice.PLAN_CANCELLED, live=False, told=told)
