"""What a payment settled was moved: its receipt stays as it is, installments that were named have more or less."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import AllocationMoved

from receipts.consumers.transactions import named


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Count what the installments of a batch have now (`PAY-13`)."""
    await named(work, [AllocationMoved.model_validate_json(message.data) for message in messages])
