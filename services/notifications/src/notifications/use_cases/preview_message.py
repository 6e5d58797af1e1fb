"""Show how a notice reads in a language, with made-up values, before anybody gets it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.channels.email.layout import as_html, as_text
from notifications.channels.email.letter import letter_for
from notifications.channels.sms.text import segments_of, text_of
from notifications.domain.errors import LevelsMisplaced
from notifications.domain.facts import Clinic, Facts, InvoiceFacts, Patient, TransactionFacts
from notifications.domain.message import Message, State, Subject
from notifications.domain.notice import ONLY_STEP, Document, Notice, Purpose
from notifications.domain.payment_details import PaymentDetails
from notifications.domain.settings import (
    FIRST_AGAIN,
    Channel,
    OwnText,
    ReminderLevel,
    Settings,
    Wording,
    require_known,
)
from notifications.persistence.clinics import clinic_with_id
from notifications.persistence.settings import in_force

W = TypeVar("W", bound=Wording)

_SAMPLE_ID = UUID(int=0)
_SAMPLE_AT = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)
_SAMPLE_CLINIC = Clinic("Example Dental", "UTC", "en", "desk@example.org", None)
_SAMPLE_CREDIT_MINOR = 2000
"""What asks for money names it, as it does where a patient has some (`NOT-10`)."""


@dataclass(frozen=True)
class PreviewMessage:
    """Which notice in which language; `own` and `own_sms` are texts to try instead of the stored ones."""

    clinic_id: UUID
    notice: Notice
    language: str
    own: OwnText | None
    channel: Channel = Channel.EMAIL
    level: int | None = None
    own_sms: str | None = None
    payment: PaymentDetails | None = None
    """How the clinic is paid, where that could be read (`NOT-11`)."""


@dataclass(frozen=True)
class Preview:
    """A sample as its channel has it; `segments` of a text message are those that it is sent as."""

    language: str
    subject: str
    text: str
    html: str
    segments: int | None = None


async def preview_message(connection: AsyncConnection, command: PreviewMessage) -> Preview:
    """The sample. Raises UnknownPlaceholder, LevelsMisplaced."""
    _require_sound(command)
    settings = (await in_force(connection, [command.clinic_id]))[command.clinic_id]
    clinic = await clinic_with_id(connection, command.clinic_id) or _SAMPLE_CLINIC
    facts = Facts(
        settings=_with(settings, command),
        clinic=clinic,
        patient=Patient("Alex", "Example", command.language, None, ()),
        transaction=TransactionFacts(stands=True, payer_name=None, receipt_number="R-000123"),
        invoice=InvoiceFacts(total_minor=12345, outstanding_minor=12345, is_void=False),
        credit_minor=_SAMPLE_CREDIT_MINOR,
        payment=command.payment,
    )
    letter = letter_for(_sample(command), facts, clinic, None)
    if command.channel is Channel.SMS:
        text = text_of(letter)
        return Preview(letter.language, "", text, "", segments_of(text))
    return Preview(letter.language, letter.subject, as_text(letter), as_html(letter))


def _require_sound(command: PreviewMessage) -> None:
    if command.level is not None and not command.notice.is_repeatable:
        raise LevelsMisplaced(command.notice, "level")
    if command.own is not None:
        command.own.check("text")
    if command.own_sms is not None:
        require_known(command.own_sms, "sms_text")


def _with(settings: Settings, command: PreviewMessage) -> Settings:
    """The settings with what is tried in its place: a level that the clinic does not have yet is looked at as well."""
    decided = settings.of(command.notice)
    if command.level is None:
        decided = _tried(decided, command)
    else:
        found = [decided.further(level) or ReminderLevel(days=0) for level in range(FIRST_AGAIN, command.level + 1)]
        decided = replace(decided, levels=(*found[:-1], _tried(found[-1], command)))
    return replace(settings, notices={**settings.notices, command.notice: decided})


def _tried(before: W, command: PreviewMessage) -> W:
    texts = {command.language: command.own} if command.own else {}
    sms_texts = {command.language: command.own_sms} if command.own_sms else {}
    return replace(before, texts={**before.texts, **texts}, sms_texts={**before.sms_texts, **sms_texts})


def _sample(command: PreviewMessage) -> Message:
    notice = command.notice
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
        level=command.level,
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
        channel=command.channel,
        recipient="sample",
        subject=subject,
        state=State.PLANNED,
        planned_at=_SAMPLE_AT,
        next_attempt_at=None,
    )
