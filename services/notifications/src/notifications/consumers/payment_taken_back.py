"""PaymentTakenBack: an insurer took a part of its payment back; its invoices ask for it again, and reminders know."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentTakenBack

from notifications.consumers.reading import events_of, settled_by
from notifications.persistence import invoices


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what it took from invoices. The patient is told by the next reminder, not of the insurer's money."""
    events = events_of(PaymentTakenBack, messages)
    await invoices.note(work, [change for _, event in events for change in settled_by(event)])
