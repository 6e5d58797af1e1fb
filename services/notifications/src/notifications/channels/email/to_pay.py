"""The facts of what asks for a payment: reminders, and installment plans, with what remains now (`NOT-4`)."""

from __future__ import annotations

from datetime import date

from notifications.channels.email.formats import Formats, money_of, one_line
from notifications.channels.email.texts import Texts
from notifications.domain.amount_due import amount_due, outstanding_now, patients_part
from notifications.domain.facts import Facts
from notifications.domain.message import Message
from notifications.domain.notice import Notice

_LATE = (Notice.INSTALLMENT_OVERDUE, Notice.INVOICE_OVERDUE)


def facts_to_pay(message: Message, facts: Facts, texts: Texts, formats: Formats) -> list[tuple[str, str]]:
    """Labels and values in reading order."""
    subject, labels = message.subject, texts.labels
    asked, outstanding = amount_due(message, facts), outstanding_now(message, facts)
    rows = [(labels["invoice"], one_line(subject.number or ""))]
    if subject.position and subject.installments:
        rows.append((labels["installment"], f"{subject.position}/{subject.installments}"))
        rows.append((labels["to_pay"], money_of(subject, formats, asked)))
    if subject.due_date:
        label = labels["was_due"] if message.notice in _LATE else labels["due_date"]
        rows.append((label, formats.day(date.fromisoformat(subject.due_date))))
    # Of an insured invoice the patient is asked for the patient's part, and nowhere for more (`INS-4`).
    still_open = patients_part(message, facts)
    if still_open != asked or not subject.installment_id:
        rows.append((labels["open"], money_of(subject, formats, still_open)))
    return rows + _next(message, facts, texts, formats, outstanding)


def _next(
    message: Message, facts: Facts, texts: Texts, formats: Formats, outstanding: int | None
) -> list[tuple[str, str]]:
    """The installment that comes next, where a plan is told of."""
    subject = message.subject
    if subject.installment_id or facts.plan is None or not facts.plan.live or outstanding is None:
        return []
    if (found := facts.plan.next(outstanding)) is None:
        return []
    following, unpaid = found
    # The patient's part fills the oldest unpaid first, which this is.
    remaining = min(unpaid, patients_part(message, facts) or 0)
    if not remaining:
        return []
    value = f"{money_of(subject, formats, remaining)}, {formats.day(following.due)}"
    return [(texts.labels["next_installment"], value)]
