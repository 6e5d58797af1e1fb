"""A payment recorded by mistake was reversed: its receipt becomes void (`RCP-3`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentCancelled

from receipts.consumers.transactions import undone


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Void the receipts of the payments of a batch."""
    events = [PaymentCancelled.model_validate_json(message.data) for message in messages]
    await undone(work, messages, events, [event.payment_id for event in events], "cancellation")
