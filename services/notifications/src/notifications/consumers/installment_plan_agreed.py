"""InstallmentPlanAgreed: the patient gets what was agreed."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.installments import InstallmentPlanAgreed

from notifications.consumers.reading import events_of
from notifications.consumers.reminding import tell_of_plans
from notifications.domain.notice import Notice


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note the plans, and plan to tell."""
    await tell_of_plans(work, events_of(InstallmentPlanAgreed, messages), Notice.PLAN_AGREED)
