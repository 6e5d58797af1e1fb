"""The check: still true, switched on, consented to, reachable, and not in the quiet hours (NOT-2, NOT-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from notifications.domain.facts import Clinic, ContactPoint, Facts, InvoiceFacts, Patient, TransactionFacts
from notifications.domain.message import Cause, Message, State, Subject
from notifications.domain.notice import ONLY_STEP, Document, Notice
from notifications.domain.pre_send_check import (
    PATIENT_AWAITED,
    PAYMENT_AWAITED,
    Defer,
    Fail,
    Send,
    SendCheck,
    Suppress,
    pre_send_check,
)
from notifications.domain.quiet_hours import QuietHours
from notifications.domain.settings import Channel, NoticeSettings, Settings

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ID = UUID(int=1)
EMAIL = "zoe@example.org"
STANDS = TransactionFacts(stands=True, payer_name=None, receipt_number=None)


def message(notice: Notice = Notice.PAYMENT_RECORDED, **changes: Any) -> Message:
    given = Message(
        id=ID,
        clinic_id=ID,
        patient_id=ID,
        about_event_id="event",
        about_event_type="type",
        notice=notice,
        step=ONLY_STEP,
        channel=Channel.EMAIL,
        recipient="patient:1",
        subject=Subject(transaction_id=ID),
        state=State.PLANNED,
        planned_at=NOW,
        next_attempt_at=NOW,
    )
    return replace(given, **changes)


def patient(*consents: str, address: str = EMAIL, zone: str | None = None) -> Patient:
    return Patient("Zoë", "Miller", "en", zone, (ContactPoint("email", address, consents),))


def facts(**changes: Any) -> Facts:
    clinic = Clinic("Smile", "America/New_York", "en", None, None)
    given = Facts(Settings(), clinic, patient("documents"), transaction=STANDS)
    return replace(given, **changes)


def test_what_is_true_and_consented_to_goes_out() -> None:
    assert pre_send_check(message(), facts(), NOW) == Send(EMAIL)


@pytest.mark.rule("NOT-2.3")
def test_opting_out_of_reminders_does_not_silence_documents() -> None:
    assert pre_send_check(message(), facts(patient=patient("documents")), NOW) == Send(EMAIL)


def test_consent_to_reminders_only_is_no_consent_to_documents() -> None:
    assert pre_send_check(message(), facts(patient=patient("reminders")), NOW) == Suppress(Cause.NO_CONSENT)


@pytest.mark.rule("NOT-2.2")
def test_a_patient_without_an_email_has_no_address() -> None:
    nobody = Patient("Zoë", "Miller", "en", None, (ContactPoint("sms", "+1555", ("documents",)),))
    assert pre_send_check(message(), facts(patient=nobody), NOW) == Suppress(Cause.NO_ADDRESS)


@pytest.mark.parametrize("address", ["", " \t"])
def test_an_empty_address_is_none(address: str) -> None:
    looked = pre_send_check(message(), facts(patient=patient("documents", address=address)), NOW)
    assert looked == Suppress(Cause.NO_ADDRESS)


@pytest.mark.rule("NOT-8.1")
@pytest.mark.parametrize("address", ["a@b\r\nBcc: c@d", "a@b, c@d", "a b@c", "<a@b>", 'a"@b', "justaword", "a@b@c.org"])
def test_an_address_that_can_never_be_mailed_fails_at_once(address: str) -> None:
    looked = pre_send_check(message(), facts(patient=patient("documents", address=address)), NOW)
    assert looked == Fail()


def test_what_can_never_be_mailed_and_is_not_consented_to_is_not_consented_to() -> None:
    looked = pre_send_check(message(), facts(patient=patient("reminders", address="justaword")), NOW)
    assert looked == Suppress(Cause.NO_CONSENT)


def test_a_second_address_is_used_where_the_first_can_never_be_mailed() -> None:
    points = (ContactPoint("email", "justaword", ("documents",)), ContactPoint("email", "b@x.org", ("documents",)))
    both = Patient("Zoë", "Miller", "en", None, points)
    assert pre_send_check(message(), facts(patient=both), NOW) == Send("b@x.org")


@pytest.mark.rule("NOT-2.4")
@pytest.mark.parametrize(("consents", "attached"), [(("reminders",), False), (("reminders", "documents"), True)])
def test_a_reminder_has_a_document_only_where_documents_are_allowed(consents: tuple[str, ...], attached: bool) -> None:
    about = message(Notice.INVOICE_OVERDUE, subject=Subject(invoice_id=ID, document=Document.INVOICE, document_id=ID))
    assert SendCheck(about, facts(patient=patient(*consents))).wants_attachment == attached


def test_a_second_address_is_used_where_the_first_is_not_consented_to() -> None:
    points = (ContactPoint("email", "a@x.org", ()), ContactPoint("email", "b@x.org", ("documents",)))
    both = Patient("Zoë", "Miller", "en", None, points)
    assert pre_send_check(message(), facts(patient=both), NOW) == Send("b@x.org")


def test_what_was_switched_off_is_not_sent() -> None:
    off = Settings(1, notices={Notice.PAYMENT_RECORDED: NoticeSettings(enabled=False)})
    assert pre_send_check(message(), facts(settings=off), NOW) == Suppress(Cause.SWITCHED_OFF)


def test_a_cancelled_refund_is_told_only_where_the_clinic_wants_it() -> None:
    wanted = Settings(1, notices={Notice.REFUND_CANCELLED: NoticeSettings(enabled=True)})
    assert pre_send_check(message(Notice.REFUND_CANCELLED), facts(), NOW) == Suppress(Cause.SWITCHED_OFF)
    assert pre_send_check(message(Notice.REFUND_CANCELLED), facts(settings=wanted), NOW) == Send(EMAIL)


def test_the_receipt_of_a_cancelled_payment_does_not_go_out_but_the_cancellation_does() -> None:
    undone = replace(STANDS, stands=False)
    assert pre_send_check(message(), facts(transaction=undone), NOW) == Suppress(Cause.NO_LONGER_TRUE)
    assert pre_send_check(message(Notice.PAYMENT_CANCELLED), facts(transaction=undone), NOW) == Send(EMAIL)


@pytest.mark.parametrize(
    ("invoice", "expected"),
    [
        (InvoiceFacts(100, 100, is_void=False), Send(EMAIL)),
        (InvoiceFacts(100, 1, is_void=False), Send(EMAIL)),
        (InvoiceFacts(100, 0, is_void=False), Suppress(Cause.NO_LONGER_TRUE)),
        (InvoiceFacts(100, 100, is_void=True), Suppress(Cause.NO_LONGER_TRUE)),
        (InvoiceFacts(0, 0, is_void=False), Send(EMAIL)),
    ],
    ids=["unpaid", "partly paid", "paid meanwhile", "void", "nothing to pay"],
)
def test_an_invoice_goes_out_unless_it_was_paid_or_voided_meanwhile(invoice: InvoiceFacts, expected: object) -> None:
    about = message(Notice.INVOICE_ISSUED, subject=Subject(invoice_id=ID))
    assert pre_send_check(about, facts(invoice=invoice, transaction=None), NOW) == expected


@pytest.mark.rule("ALL-11.2")
def test_a_patient_who_is_not_announced_yet_is_waited_for_and_then_has_no_address() -> None:
    unknown = facts(patient=None)
    assert isinstance(pre_send_check(message(), unknown, NOW), Defer)
    late = NOW + PATIENT_AWAITED
    assert pre_send_check(message(), unknown, late) == Suppress(Cause.NO_ADDRESS)


def test_a_payment_that_is_not_known_yet_is_waited_for_briefly() -> None:
    unknown = facts(transaction=None)
    assert isinstance(pre_send_check(message(), unknown, NOW), Defer)
    assert pre_send_check(message(), unknown, NOW + PAYMENT_AWAITED) == Send(EMAIL)


def test_a_clinic_that_is_not_configured_yet_is_waited_for_a_day() -> None:
    unknown = facts(clinic=None)
    assert isinstance(pre_send_check(message(), unknown, NOW + timedelta(hours=23)), Defer)
    assert pre_send_check(message(), unknown, NOW + timedelta(hours=24)) == Suppress(Cause.NO_ADDRESS)


@pytest.mark.rule("NOT-1.3", "NOT-2.1")
def test_quiet_hours_defer_by_the_patients_clock_before_the_clinics() -> None:
    quiet = Settings(1, quiet_hours=QuietHours(time(21), time(8)))
    asleep = facts(settings=quiet, patient=patient("documents", zone="Asia/Tokyo"))
    assert pre_send_check(message(), asleep, NOW) == Defer(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))
    assert pre_send_check(message(), facts(settings=quiet), NOW) == Send(EMAIL)


def test_what_will_never_go_out_is_not_deferred_by_quiet_hours() -> None:
    quiet = Settings(1, quiet_hours=QuietHours(time(0), time(23, 59)))
    assert pre_send_check(message(), facts(settings=quiet, patient=patient()), NOW) == Suppress(Cause.NO_CONSENT)
