"""A payment was recorded: it gets its receipt (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentRecorded

from receipts.consumers.transactions import receipted, transaction


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Receipts for the payments of a batch."""
    events = [PaymentRecorded.model_validate_json(message.data) for message in messages]
    await receipted(work, messages, [transaction(event, "payment", received_at=event.received_at) for event in events])
