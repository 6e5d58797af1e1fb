"""Invoices: who is told of them, and what of them is asked for now (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.adjudications import AdjudicationApplied
from contracts.installments import InvoiceOverdue
from contracts.invoicing import InvoiceCredited, InvoiceDebited, InvoiceIssued, InvoiceVoided
from contracts.refund_adjustments import RefundAdjustmentDecided

from notifications.consumers.event_mapping import events_of, to_schedule
from notifications.domain.invoice_change import InvoiceChange
from notifications.domain.message import Subject
from notifications.domain.notice import Document, Notice
from notifications.persistence import invoices
from notifications.use_cases.schedule_messages import schedule_messages


async def on_invoice_issued(work: Work, messages: Sequence[Message]) -> None:
    """Note what the invoices ask for, and plan to tell.

    The patient gets the invoice.
    """
    events = events_of(InvoiceIssued, messages)
    await invoices.add_changes(work, [_asked(event) for _, event in events])
    commands = [
        to_schedule(work, message, event, event.patient_id, Notice.INVOICE_ISSUED, _issued_subject(event))
        for message, event in events
    ]
    await schedule_messages(work, commands)


def _asked(event: InvoiceIssued) -> InvoiceChange:
    total = minor_of(event.totals.total)
    of_patient = total if event.patient_share is None else minor_of(event.patient_share)
    return InvoiceChange(
        event.clinic_id, event.invoice_id, total_minor=total, insurers_estimated_minor=total - of_patient
    )


def _issued_subject(event: InvoiceIssued) -> Subject:
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


async def on_invoice_credited(work: Work, messages: Sequence[Message]) -> None:
    """Note it, unless it goes with a refund: that was counted with the refund's settlements.

    The invoice asks for less, and the patient gets the credit note where the clinic chose so.
    """
    events = events_of(InvoiceCredited, messages)
    changes = [_noted(message, event, -minor_of(event.total)) for message, event in events]
    await invoices.add_changes(work, changes)
    commands = [
        to_schedule(work, message, event, event.patient_id, Notice.INVOICE_CREDITED, _credited_subject(event))
        for message, event in events
        if _is_told(event)
    ]
    await schedule_messages(work, commands, only_wanted=True)


def _noted(message: Message, event: InvoiceCredited | InvoiceDebited, change: int) -> InvoiceChange:
    """What a note changes, and what it leaves the invoice's own lines asking for; an older release does not say it."""
    asked = event.asked_of_lines
    return InvoiceChange(
        event.clinic_id,
        event.invoice_id,
        change_minor=change if event.refund_id is None else 0,
        asked_of_lines_minor=None if asked is None else minor_of(asked),
        asked_of_lines_version=message.sequence,
    )


def _is_told(event: InvoiceCredited | InvoiceDebited) -> bool:
    """What an insurer's contract writes off, or the clinic for itself, is no news to the patient (`NOT-1.5`)."""
    is_own = event.kind == "write_off" or (event.purpose or "").startswith("bad_debt")
    return event.decision_id is None and not is_own


def _credited_subject(event: InvoiceCredited) -> Subject:
    return replace(_noted_subject(event), document=Document.CREDIT_NOTE, document_id=event.credit_note_id)


def _debited_subject(event: InvoiceDebited) -> Subject:
    return replace(_noted_subject(event), document=Document.DEBIT_NOTE, document_id=event.debit_note_id)


def _noted_subject(event: InvoiceCredited | InvoiceDebited) -> Subject:
    return Subject(
        number=event.number,
        invoice_number=event.invoice_number,
        amount_minor=minor_of(event.total),
        currency=event.total.currency,
        at=event.occurred_at,
        invoice_id=event.invoice_id,
    )


async def on_invoice_debited(work: Work, messages: Sequence[Message]) -> None:
    """Note it, unless it goes with a cancelled refund: that was counted with the cancellation's settlements.

    The invoice asks for more, and the patient gets the debit note where the clinic chose so.
    """
    events = events_of(InvoiceDebited, messages)
    changes = [_noted(message, event, minor_of(event.total)) for message, event in events]
    await invoices.add_changes(work, changes)
    commands = [
        to_schedule(work, message, event, event.patient_id, Notice.INVOICE_DEBITED, _debited_subject(event))
        for message, event in events
        if _is_told(event)
    ]
    await schedule_messages(work, commands, only_wanted=True)


async def on_invoice_voided(work: Work, messages: Sequence[Message]) -> None:
    """Note that it is void.

    Nothing more is said about it (`NOT-4`).
    """
    events = events_of(InvoiceVoided, messages)
    await invoices.add_changes(work, [InvoiceChange(one.clinic_id, one.invoice_id, is_void=True) for _, one in events])


async def on_invoice_overdue(work: Work, messages: Sequence[Message]) -> None:
    """Plan to remind.

    The patient is reminded of what is still open (`INV-9`).
    """
    commands = [
        to_schedule(work, message, event, event.patient_id, Notice.INVOICE_OVERDUE, _overdue_subject(event))
        for message, event in events_of(InvoiceOverdue, messages)
    ]
    await schedule_messages(work, commands)


def _overdue_subject(event: InvoiceOverdue) -> Subject:
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


async def on_adjudication_applied(work: Work, messages: Sequence[Message]) -> None:
    """Note what all decisions come to, as of the invoice's version; what is undecided stays with the insurers.

    Insurers decided what is theirs to pay; a reminder asks the patient for the rest (`INS-4`).
    """
    await invoices.add_changes(
        work, [_decided(message, event) for message, event in events_of(AdjudicationApplied, messages)]
    )


def _decided(message: Message, event: AdjudicationApplied) -> InvoiceChange:
    theirs = minor_of(event.shares.paid) + minor_of(event.shares.undecided)
    if event.estimated is not None:
        theirs += minor_of(event.estimated)
    return InvoiceChange(
        event.clinic_id,
        event.invoice_id,
        insurers_decided_minor=theirs,
        insurers_decided_version=message.sequence,
    )


async def on_refund_adjustment_decided(work: Work, messages: Sequence[Message]) -> None:
    """Note it: the refund's settlements counted all that was wanted (`PAY-20`).

    Less is credited for a refund, or undone, than was counted with it.
    """
    changes = [
        InvoiceChange(event.clinic_id, event.invoice_id, change_minor=minor_of(event.wanted) - minor_of(event.credited))
        for _, event in events_of(RefundAdjustmentDecided, messages)
    ]
    await invoices.add_changes(work, changes)
