"""InvoiceIssued: the patient gets the invoice."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.invoicing import InvoiceIssued

from notifications.consumers.reading import events_of, to_plan
from notifications.domain.message import Subject
from notifications.domain.notice import Document, Notice
from notifications.persistence import invoices
from notifications.persistence.invoices import InvoiceChange
from notifications.use_cases.plan_messages import plan_messages


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what the invoices ask for, and plan to tell."""
    events = events_of(InvoiceIssued, messages)
    await invoices.note(work, [_asked(event) for _, event in events])
    commands = [
        to_plan(work, message, event, event.patient_id, Notice.INVOICE_ISSUED, _subject(event))
        for message, event in events
    ]
    await plan_messages(work, commands)


def _asked(event: InvoiceIssued) -> InvoiceChange:
    total = minor_of(event.totals.total)
    of_patient = total if event.patient_share is None else minor_of(event.patient_share)
    return InvoiceChange(
        event.clinic_id, event.invoice_id, total_minor=total, insurers_estimated_minor=total - of_patient
    )


def _subject(event: InvoiceIssued) -> Subject:
    return Subject(
        number=event.number,
        amount_minor=minor_of(event.totals.total),
        currency=event.totals.total.currency,
        at=event.occurred_at,
        due_date=event.due_date.isoformat(),
        invoice_id=event.invoice_id,
        document=Document.INVOICE,
        document_id=event.invoice_id,
    )
