"""What an older release kept as documents is read as it was meant, whatever members joined since."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from notifications.domain.installment_plan import PlanFacts, PlannedInstallment
from notifications.domain.message import Message, State, Subject
from notifications.domain.notice import Document, Notice
from notifications.domain.quiet_hours import QuietHours
from notifications.domain.settings import Channel, NoticeSettings, OwnText, Sender, Settings
from notifications.persistence.installment_plans import plan_of
from notifications.persistence.messages import message_of
from notifications.persistence.settings import settings_of

ID, OTHER = UUID(int=1), UUID(int=2)
AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def row(subject: dict[str, Any]) -> dict[str, Any]:
    """A message as its columns have it, and as JSON of them has it."""
    return {
        "id": ID,
        "clinic_id": ID,
        "patient_id": ID,
        "about_event_id": "event",
        "about_event_type": "type",
        "notice": "payment_recorded",
        "step": "once",
        "channel": "email",
        "recipient": f"patient:{ID}",
        "subject": subject,
        "transaction_id": OTHER,
        "invoice_id": None,
        "plan_id": None,
        "state": "planned",
        "planned_at": AT,
        "next_attempt_at": AT,
    }


def test_a_subject_from_before_installments_is_read() -> None:
    subject = {
        "number": "R-1",
        "amount_minor": 8628,
        "currency": "USD",
        "at": "2026-11-23T15:00:00+00:00",
        "due_date": None,
        "document": "receipt",
        "document_id": str(ID),
        "reopened": [],
    }
    assert message_of(row(subject)) == Message(
        id=ID,
        clinic_id=ID,
        patient_id=ID,
        about_event_id="event",
        about_event_type="type",
        notice=Notice.PAYMENT_RECORDED,
        step="once",
        channel=Channel.EMAIL,
        recipient=f"patient:{ID}",
        subject=Subject("R-1", 8628, "USD", AT, transaction_id=OTHER, document=Document.RECEIPT, document_id=ID),
        state=State.PLANNED,
        planned_at=AT,
        next_attempt_at=AT,
    )


def test_settings_from_before_estimated_shares_are_read() -> None:
    text = {"subject": "Your receipt", "body": "Thank you."}
    body = {
        "sender": {"name": "Smile", "address": None, "reply_to": None},
        "documents": "attached",
        "document_link": None,
        "quiet_hours": {"start": "21:00:00", "end": "08:00:00"},
        "notices": {
            "payment_recorded": {"enabled": True, "channels": ["email"], "offset_days": 2, "texts": {"en": text}}
        },
    }
    notice = NoticeSettings(offset_days=2, texts={"en": OwnText(**text)})
    assert settings_of({"version": 3, "body": body}) == Settings(
        version=3,
        sender=Sender("Smile"),
        quiet_hours=QuietHours(time(21), time(8)),
        notices={Notice.PAYMENT_RECORDED: notice},
    )


def test_a_plan_is_read_with_what_payments_named() -> None:
    installment = {"id": str(ID), "due": "2026-12-01", "remaining_minor": 100}
    plan = {"version": 2, "live": True, "installments": [installment], "named": {str(ID): 40}}
    assert plan_of(plan) == PlanFacts(2, True, [PlannedInstallment(ID, date(2026, 12, 1), 100)], {ID: 40})
