"""Show how a notice reads in a language, with made-up values, before anybody gets it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.channels.email.layout import as_html, as_text
from notifications.channels.email.letter import letter_for
from notifications.domain.facts import Clinic, Facts, InvoiceFacts, Patient, TransactionFacts
from notifications.domain.message import Message, State, Subject
from notifications.domain.notice import ONLY_STEP, Document, Notice, Purpose
from notifications.domain.settings import Channel, OwnText, Settings
from notifications.persistence.clinics import clinic_with_id
from notifications.persistence.settings import in_force

_SAMPLE_ID = UUID(int=0)
_SAMPLE_AT = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
_SAMPLE_CLINIC = Clinic("Example Dental", "UTC", "en", "desk@example.org", None)


@dataclass(frozen=True)
class PreviewMessage:
    """Which notice in which language; `own` is a text to try instead of the stored one."""

    clinic_id: UUID
    notice: Notice
    language: str
    own: OwnText | None


async def preview_message(connection: AsyncConnection, command: PreviewMessage) -> dict[str, str]:
    """The sample's language, subject, text and HTML. Raises UnknownPlaceholder."""
    if command.own is not None:
        command.own.check("text")
    settings = (await in_force(connection, [command.clinic_id]))[command.clinic_id]
    clinic = await clinic_with_id(connection, command.clinic_id) or _SAMPLE_CLINIC
    facts = Facts(
        settings=_with(settings, command),
        clinic=clinic,
        patient=Patient("Alex", "Example", command.language, None, ()),
        transaction=TransactionFacts(stands=True, payer_name=None, receipt_number="R-000123"),
        invoice=InvoiceFacts(total_minor=12345, outstanding_minor=12345, is_void=False),
    )
    letter = letter_for(_sample(command.notice), facts, clinic, None)
    return {
        "language": letter.language,
        "subject": letter.subject,
        "text": as_text(letter),
        "html": as_html(letter),
    }


def _with(settings: Settings, command: PreviewMessage) -> Settings:
    if command.own is None:
        return settings
    decided = settings.of(command.notice)
    decided = replace(decided, texts={**decided.texts, command.language: command.own})
    return replace(settings, notices={**settings.notices, command.notice: decided})


def _sample(notice: Notice) -> Message:
    documents = {
        Notice.INVOICE_ISSUED: Document.INVOICE,
        Notice.PAYMENT_RECORDED: Document.RECEIPT,
        Notice.PAYMENT_REFUNDED: Document.RECEIPT,
        Notice.PLAN_AGREED: Document.PLAN,
        Notice.PLAN_CHANGED: Document.PLAN,
        Notice.INVOICE_OVERDUE: Document.INVOICE,
        Notice.INVOICE_CREDITED: Document.CREDIT_NOTE,
        Notice.INVOICE_DEBITED: Document.DEBIT_NOTE,
    }
    of_invoice = notice is Notice.INVOICE_ISSUED or notice.asks_for_payment
    is_reminder = notice.purpose is Purpose.REMINDERS
    number = "N-000123" if notice.is_of_note else "R-000123"
    subject = Subject(
        number="INV-000123" if of_invoice else number,
        amount_minor=12345,
        currency="EUR",
        at=_SAMPLE_AT,
        due_date=date(2026, 4, 14).isoformat() if notice is Notice.INVOICE_ISSUED or is_reminder else None,
        document=documents.get(notice),
        invoice_number="INV-000123" if notice.is_of_note else None,
    )
    return Message(
        id=_SAMPLE_ID,
        clinic_id=_SAMPLE_ID,
        patient_id=_SAMPLE_ID,
        about_event_id="sample",
        about_event_type="sample",
        notice=notice,
        step=ONLY_STEP,
        channel=Channel.EMAIL,
        recipient="sample",
        subject=subject,
        state=State.PLANNED,
        planned_at=_SAMPLE_AT,
        next_attempt_at=None,
    )
