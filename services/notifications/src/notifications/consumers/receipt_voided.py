"""ReceiptVoided: says, possibly before payments' own event arrives, that a transaction no longer stands."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.receipts import ReceiptVoided

from notifications.consumers.reading import events_of
from notifications.persistence import transactions
from notifications.persistence.transactions import TransactionState


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note it: a receipt that is void is not mailed (`NOT-4`)."""
    events = events_of(ReceiptVoided, messages)
    states = [TransactionState(one.clinic_id, one.transaction_id, one.patient_id, stands=False) for _, one in events]
    await transactions.note(work, states)
