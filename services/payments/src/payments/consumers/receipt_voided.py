"""A receipt's transaction was cancelled or charged back: the receipt is void."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.errors import NotYet
from contracts.receipts import ReceiptVoided

from payments.use_cases.follow_receipts import ReceiptUnknown, void_receipts


async def on_receipt_voided(work: Work, messages: Sequence[Message]) -> None:
    """Mark receipts as void (`PAY-9`, `RCP-3`)."""
    events = [ReceiptVoided.model_validate_json(message.data) for message in messages]
    try:
        await void_receipts(work, [event.transaction_id for event in events])
    except ReceiptUnknown as error:
        raise NotYet(f"the receipt of transaction {error.transaction_id} is not known yet") from None
