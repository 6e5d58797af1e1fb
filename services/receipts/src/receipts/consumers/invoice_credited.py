"""A credit note was issued: freeze what its PDF will say (`INV-6`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.invoicing import InvoiceCredited

from receipts.consumers.notes import kept, note


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Keep the credit notes of a batch."""
    events = [InvoiceCredited.model_validate_json(message.data) for message in messages]
    await kept(work, messages, [note(one, "credit_note", one.credit_note_id, one.kind) for one in events])
