"""An invoice became void: its PDF is served stamped from now on (`INV-8`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.invoicing import InvoiceVoided

from receipts.consumers.reading import naming
from receipts.domain.errors import FactsMissing
from receipts.persistence import invoices


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Mark them; one whose issue is not known yet waits."""
    events = [InvoiceVoided.model_validate_json(message.data) for message in messages]
    with naming({event.invoice_id: message for event, message in zip(events, messages, strict=True)}):
        known = await invoices.void(
            work.connection, {event.invoice_id: (event.occurred_at, event.by.reason) for event in events}
        )
        missing = {one.invoice_id for one in events} - known
        if missing:
            raise FactsMissing({one: f"invoice {one} is not known yet" for one in missing})
