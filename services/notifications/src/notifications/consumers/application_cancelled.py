"""CreditApplicationCancelled: credit that settled invoices by mistake is credit again."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import CreditApplicationCancelled

from notifications.consumers.reading import events_of, settled_by
from notifications.persistence import invoices


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what it no longer settles."""
    events = events_of(CreditApplicationCancelled, messages)
    await invoices.note(work, [change for _, event in events for change in settled_by(event)])
