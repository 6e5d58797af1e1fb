"""What a message asks for, as it is now: never what was paid meanwhile (`NOT-4`)."""

from __future__ import annotations

from notifications.domain.facts import Facts, InvoiceFacts
from notifications.domain.installment_plan import ReminderFigures
from notifications.domain.message import Message
from notifications.domain.notice import Notice, Purpose


def amount_due(message: Message, facts: Facts) -> int | None:
    """What is still to be paid of what a message is about, in minor units; None where it asks for nothing."""
    subject, notice = message.subject, message.notice
    if notice is Notice.INVOICE_ISSUED:
        return patients_part(message, facts) if _is_issued(facts.invoice) else None
    if not notice.asks_for_payment or subject.amount_minor is None:
        return None
    outstanding = outstanding_now(message, facts)
    if subject.installment_id is None and _is_issued(facts.invoice):
        return patients_part(message, facts)
    if subject.installment_id is None or subject.outstanding_minor is None or outstanding is None:
        return subject.amount_minor if outstanding is None else outstanding
    figures = ReminderFigures(subject.installment_id, subject.amount_minor, subject.outstanding_minor)
    return figures.asked_now(facts.plan, outstanding, patients_part(message, facts) or 0)


def asked_for(message: Message, facts: Facts) -> int:
    """What a patient who reads a message is to pay, in minor units; 0 where it asks for nothing."""
    if message.notice is Notice.INVOICE_DEBITED and _is_issued(facts.invoice):
        return patients_part(message, facts) or 0
    return amount_due(message, facts) or 0


def outstanding_now(message: Message, facts: Facts) -> int | None:
    """What the invoice asks for now; what the event said, where the invoice's own has not been heard of."""
    if _is_issued(facts.invoice) and facts.invoice:
        return facts.invoice.outstanding_minor
    return message.subject.outstanding_minor


def patients_part(message: Message, facts: Facts) -> int | None:
    """What of that the patient is asked for: not what insurers are still to pay (`INS-4`).

    What comes with a document, or tells of a plan, asks as the document does: for the estimated part until insurers
    decide. A reminder does so where the clinic chose it.
    """
    if _is_issued(facts.invoice) and facts.invoice:
        as_estimated = facts.settings.ask_estimated_share or message.notice.purpose is Purpose.DOCUMENTS
        return facts.invoice.patients_minor(estimated=as_estimated)
    return outstanding_now(message, facts)


def _is_issued(invoice: InvoiceFacts | None) -> bool:
    return invoice is not None and invoice.total_minor is not None
