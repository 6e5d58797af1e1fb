"""A debit note was issued: freeze what its PDF will say (`INV-6`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.invoicing import InvoiceDebited

from receipts.consumers.notes import kept, note


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Keep the debit notes of a batch."""
    events = [InvoiceDebited.model_validate_json(message.data) for message in messages]
    await kept(work, messages, [note(one, "debit_note", one.debit_note_id, one.kind) for one in events])
