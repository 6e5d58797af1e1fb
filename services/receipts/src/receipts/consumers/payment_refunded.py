"""Money was given back: the refund gets its receipt (`RCP-1`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentRefunded

from receipts.consumers.transactions import receipted, transaction


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Receipts for the refunds of a batch."""
    events = [PaymentRefunded.model_validate_json(message.data) for message in messages]
    refunds = [
        transaction(event, "refund", refunded_payment_id=event.payment_id, refunded_so_far=event.refunded_so_far)
        for event in events
    ]
    await receipted(work, messages, refunds)
