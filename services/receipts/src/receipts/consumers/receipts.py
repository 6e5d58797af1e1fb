"""What receipts itself announced, from its events into its series, after its database was restored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import LostNumbers
from chassis.messaging import Message
from contracts.receipts import ReceiptIssued

from receipts.use_cases.skip_announced_numbers import skip_announced_numbers


async def on_announced_receipts(work: Work, announced: Sequence[Message]) -> list[LostNumbers]:
    """No receipt has a number that another was announced with (`INV-7`); which numbers are lost."""
    numbers: defaultdict[UUID, list[str]] = defaultdict(list)
    for message in announced:
        if message.type == ReceiptIssued.event_type:
            numbers[message.clinic_id].append(ReceiptIssued.model_validate_json(message.data).number)
    return await skip_announced_numbers(work, numbers)
