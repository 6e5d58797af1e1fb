"""InvoiceCredited: the invoice asks for less."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.invoicing import InvoiceCredited

from notifications.consumers.reading import events_of
from notifications.persistence import invoices
from notifications.persistence.invoices import InvoiceChange


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note it, unless it goes with a refund: that was counted with the refund's settlements."""
    changes = [
        InvoiceChange(event.clinic_id, event.invoice_id, change_minor=-minor_of(event.total))
        for _, event in events_of(InvoiceCredited, messages)
        if event.refund_id is None
    ]
    await invoices.note(work, changes)
