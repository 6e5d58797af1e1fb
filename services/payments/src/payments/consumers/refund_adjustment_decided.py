"""Invoicing credits less for a refund than it wanted: what is not credited is asked for again."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.refund_adjustments import RefundAdjustmentDecided

from payments.consumers.followed import followed
from payments.persistence.documents import InvoiceDocument


async def on_refund_adjustment_decided(work: Work, messages: Sequence[Message]) -> None:
    """Follow answers to refunds; what was decided on their cancellation says nothing new here (`PAY-20`)."""
    events = [RefundAdjustmentDecided.model_validate_json(message.data) for message in messages]
    await followed(work, [_document(event) for event in events if minor_of(event.wanted) > 0])


def _document(event: RefundAdjustmentDecided) -> InvoiceDocument:
    return InvoiceDocument(
        clinic_id=event.clinic_id,
        document_id=event.adjustment_id,
        kind="refund_adjustment",
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.invoice_number,
        total_minor=minor_of(event.wanted) - minor_of(event.credited),
        issue_date=event.decided_on,
        refund_id=event.refund_id,
    )
