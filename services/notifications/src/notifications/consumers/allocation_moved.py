"""AllocationMoved: what a payment settled on one invoice settles another, or is credit again."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import AllocationMoved

from notifications.consumers.reading import events_of, settled_by
from notifications.persistence import invoices


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what left which invoice and came to which."""
    events = events_of(AllocationMoved, messages)
    await invoices.note(work, [change for _, event in events for change in settled_by(event)])
