"""An insurer took a part of its payment back, or did not after all: what its invoices ask for, reminders know."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.message import Handler
from contracts.payments import PaymentTakenBack, TakeBackCancelled

from notifications.consumers.reading import events_of, settled_by
from notifications.persistence import invoices


def handler(event_class: type[PaymentTakenBack | TakeBackCancelled]) -> Handler:
    """Note what invoices lost or got back. The patient is told by the next reminder, not of the insurer's money."""

    async def handle(work: Work, messages: Sequence[Message]) -> None:
        events = events_of(event_class, messages)
        await invoices.note(work, [change for _, event in events for change in settled_by(event)])

    return handle


HANDLERS: dict[str, Handler] = {one.event_type: handler(one) for one in (PaymentTakenBack, TakeBackCancelled)}
