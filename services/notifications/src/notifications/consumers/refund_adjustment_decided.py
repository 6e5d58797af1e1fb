"""RefundAdjustmentDecided: less is credited for a refund, or undone, than was counted with it."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.refund_adjustments import RefundAdjustmentDecided

from notifications.consumers.reading import events_of
from notifications.persistence import invoices
from notifications.persistence.invoices import InvoiceChange


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note it: the refund's settlements counted all that was wanted (`PAY-20`)."""
    changes = [
        InvoiceChange(event.clinic_id, event.invoice_id, change_minor=minor_of(event.wanted) - minor_of(event.credited))
        for _, event in events_of(RefundAdjustmentDecided, messages)
    ]
    await invoices.note(work, changes)
