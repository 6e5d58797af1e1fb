"""An invoice's outstanding was divided into installments: freeze what was agreed (`PLN-1`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.installments import InstallmentPlanAgreed

from receipts.consumers.plans import kept


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Keep the plans of a batch."""
    await kept(work, messages, [InstallmentPlanAgreed.model_validate_json(message.data) for message in messages])
