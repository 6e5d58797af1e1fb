"""InvoiceVoided: nothing more is said about it (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.invoicing import InvoiceVoided

from notifications.consumers.reading import events_of
from notifications.persistence import invoices
from notifications.persistence.invoices import InvoiceChange


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note that it is void."""
    events = events_of(InvoiceVoided, messages)
    await invoices.note(work, [InvoiceChange(one.clinic_id, one.invoice_id, is_void=True) for _, one in events])
