"""InstallmentOverdue: the patient is reminded (`PLN-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.installments import InstallmentOverdue

from notifications.consumers.reading import events_of
from notifications.consumers.reminding import remind
from notifications.domain.notice import Notice


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Plan to remind."""
    await remind(work, events_of(InstallmentOverdue, messages), Notice.INSTALLMENT_OVERDUE)
