"""CreditApplied: patient credit settled invoices."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import CreditApplied

from notifications.consumers.reading import events_of, settled_by
from notifications.persistence import invoices


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what it settled."""
    events = events_of(CreditApplied, messages)
    await invoices.note(work, [change for _, event in events for change in settled_by(event)])
