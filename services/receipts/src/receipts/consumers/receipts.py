"""What receipts itself announced, from its events into its receipts, after its database was restored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import LostNumbers
from chassis.messaging import Message
from contracts.receipts import ReceiptIssued, ReceiptVoided

from receipts.use_cases.take_announced_receipts import Announced, known_again, take_announced_receipts


async def on_announced_receipts(work: Work, announced: Sequence[Message]) -> list[LostNumbers]:
    """Each number is the transaction's that it was announced of, and of no other receipt (`INV-7`).

    None is said to be lost here: which are, shows when the transactions were heard again.
    """
    events = [ReceiptIssued.model_validate_json(one.data) for one in announced if one.type == ReceiptIssued.event_type]
    if events:
        await take_announced_receipts(work, [_announced(event) for event in events])
    return []


async def on_receipts_known_again(work: Work, announced: Sequence[Message], *, heard: bool) -> Collection[str]:
    """Those of what was announced that are there again, as their transactions were."""
    if not heard:
        return ()
    issued, voided = (_receipts_by_message(announced, event) for event in (ReceiptIssued, ReceiptVoided))
    there, void = await known_again(work, issued.values(), voided.values())
    return {one for one, receipt in issued.items() if receipt in there} | {
        one for one, receipt in voided.items() if receipt in void
    }


def _receipts_by_message(announced: Sequence[Message], event: type[ReceiptIssued | ReceiptVoided]) -> dict[str, UUID]:
    return {one.id: event.model_validate_json(one.data).receipt_id for one in announced if one.type == event.event_type}


def _announced(event: ReceiptIssued) -> Announced:
    return Announced(
        clinic_id=event.clinic_id,
        transaction_id=event.transaction_id,
        receipt_id=event.receipt_id,
        number=event.number,
        sha256=event.sha256,
        announced_at=event.occurred_at,
    )
