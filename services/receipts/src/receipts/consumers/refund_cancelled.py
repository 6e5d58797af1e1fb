"""A refund recorded by mistake was reversed: its receipt becomes void (`RCP-3`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import RefundCancelled

from receipts.consumers.transactions import undone


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Void the receipts of the refunds of a batch."""
    events = [RefundCancelled.model_validate_json(message.data) for message in messages]
    await undone(work, messages, events, [event.refund_id for event in events], "cancellation")
