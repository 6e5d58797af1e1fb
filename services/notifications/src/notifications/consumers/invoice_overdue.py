"""InvoiceOverdue: the patient is reminded of what is still open (`INV-9`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.installments import InvoiceOverdue

from notifications.consumers.reading import events_of, to_plan
from notifications.domain.message import Subject
from notifications.domain.notice import Document, Notice
from notifications.use_cases.plan_messages import plan_messages


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Plan to remind."""
    commands = [
        to_plan(work, message, event, event.patient_id, Notice.INVOICE_OVERDUE, _subject(event))
        for message, event in events_of(InvoiceOverdue, messages)
    ]
    await plan_messages(work, commands)


def _subject(event: InvoiceOverdue) -> Subject:
    return Subject(
        number=event.number,
        amount_minor=minor_of(event.outstanding),
        currency=event.outstanding.currency,
        at=event.occurred_at,
        due_date=event.due_date.isoformat(),
        invoice_id=event.invoice_id,
        outstanding_minor=minor_of(event.outstanding),
        document=Document.INVOICE,
        document_id=event.invoice_id,
    )
