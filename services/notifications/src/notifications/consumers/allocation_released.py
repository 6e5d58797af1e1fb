"""AllocationReleased: what was settled on an invoice became patient credit."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import AllocationReleased

from notifications.consumers.reading import changes_of, events_of
from notifications.persistence import invoices


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what it released."""
    events = events_of(AllocationReleased, messages)
    changes = [change for _, event in events for change in changes_of(event.clinic_id, event.settlements)]
    await invoices.note(work, changes)
