"""What a reminder asks for now, whatever was paid, cancelled or rescheduled since it was announced (`NOT-4`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.domain.amount_due import amount_due
from notifications.domain.facts import Clinic, ContactPoint, Facts, InvoiceFacts, Patient
from notifications.domain.installment_plan import PlanFacts, PlannedInstallment, ReminderFigures
from notifications.domain.message import Cause, Message, State, Subject
from notifications.domain.notice import ONLY_STEP, Notice, Purpose
from notifications.domain.pre_send_check import Send, Suppress, pre_send_check
from notifications.domain.settings import Channel, NoticeSettings, Settings

ID = UUID(int=1)
FIRST, SECOND, THIRD = (UUID(int=number) for number in (11, 12, 13))
DUE = date(2026, 11, 30)
NOON = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
PLAN = PlanFacts(
    version=1,
    live=True,
    installments=tuple(
        PlannedInstallment(one, DUE + timedelta(days=30 * number), 100)
        for number, one in enumerate((FIRST, SECOND, THIRD))
    ),
    named={},
)
REMINDERS = [Notice.INSTALLMENT_DUE_SOON, Notice.INSTALLMENT_DUE, Notice.INSTALLMENT_OVERDUE]


def message(notice: Notice, **changes: Any) -> Message:
    subject = Subject(
        number="INV-1",
        amount_minor=100,
        currency="USD",
        due_date=DUE.isoformat(),
        invoice_id=ID,
        plan_id=ID,
        installment_id=FIRST,
        position=1,
        installments=3,
        outstanding_minor=300,
    )
    return Message(
        id=ID,
        clinic_id=ID,
        patient_id=ID,
        about_event_id="event",
        about_event_type="type",
        notice=notice,
        step=ONLY_STEP,
        channel=Channel.EMAIL,
        recipient="patient:1",
        subject=replace(subject, **changes),
        state=State.PLANNED,
        planned_at=NOON,
        next_attempt_at=NOON,
    )


def facts(outstanding: int = 300, *, consents: tuple[str, ...] = ("reminders", "documents"), **changes: Any) -> Facts:
    given = Facts(
        settings=Settings(),
        clinic=Clinic("Smile Dental", "America/New_York", "en", None, None),
        patient=Patient("Zoë", "Miller", "en", None, (ContactPoint("email", "z@x.org", consents),)),
        invoice=InvoiceFacts(300, outstanding, is_void=False),
        plan=PLAN,
    )
    return replace(given, **changes)


SENT, GONE = Send("z@x.org"), Suppress(Cause.NO_LONGER_TRUE)


@pytest.mark.rule("NOT-4.2")
@pytest.mark.parametrize("notice", REMINDERS)
@pytest.mark.parametrize(
    ("outstanding", "named", "asked"),
    [
        (300, {}, 100),
        (260, {}, 60),
        (200, {}, 0),
        (200, {SECOND: 100}, 100),
        (150, {SECOND: 100}, 50),
        (200, {FIRST: 100}, 0),
        (340, {}, 100),
        (0, {}, 0),
    ],
    ids=[
        "nothing paid since",
        "paid in part",
        "paid",
        "another one was named",
        "another one was named, and a part",
        "it was named",
        "more is asked for",
        "all is paid",
    ],
)
def test_a_reminder_names_what_remains_now_and_goes_out_only_if_something_does(
    notice: Notice, outstanding: int, named: dict[UUID, int], asked: int
) -> None:
    """NOT-4, PLN-2."""
    about = message(notice)
    known = facts(outstanding, plan=replace(PLAN, named=named))
    early = NOON - timedelta(days=1)
    assert amount_due(about, known) == asked
    assert pre_send_check(about, known, early) == (SENT if asked else GONE)


@given(
    outstanding=st.integers(0, 400),
    told=st.tuples(st.integers(1, 100), st.integers(100, 300)),
    named=st.dictionaries(st.sampled_from([FIRST, SECOND, THIRD]), st.integers(-200, 200)),
)
def test_a_reminder_never_asks_for_more_than_was_told_nor_than_the_invoice_asks_for(
    outstanding: int, told: tuple[int, int], named: dict[UUID, int]
) -> None:
    """NOT-4: in whatever order payments and plans were heard of."""
    remaining, then = told
    for plan in (None, replace(PLAN, named=named)):
        now = ReminderFigures(FIRST, remaining, then).remaining_now(plan, outstanding)
        assert 0 <= now <= remaining
        assert now <= outstanding or outstanding >= then


@given(outstanding=st.integers(0, 300), named=st.dictionaries(st.sampled_from([FIRST, SECOND]), st.integers(0, 200)))
def test_what_remains_of_all_installments_is_what_the_invoice_asks_for(
    outstanding: int, named: dict[UUID, int]
) -> None:
    """PLN-3."""
    plan = replace(PLAN, named=named)
    assert sum(plan.remaining_of(id_, outstanding) for id_ in (FIRST, SECOND, THIRD)) == outstanding


def test_an_installment_that_was_reopened_after_the_plans_version_is_reminded_of() -> None:
    """A cancelled payment reopened it: only the event knows, the version says that it was paid."""
    paid = replace(PLAN.installments[0], remaining_minor=0)
    plan = replace(PLAN, installments=(paid, *PLAN.installments[1:]))
    assert ReminderFigures(FIRST, 100, 300).remaining_now(plan, 250) == 100


@pytest.mark.parametrize("notice", REMINDERS)
def test_nothing_is_reminded_of_a_plan_that_ended_or_has_the_installment_no_more(notice: Notice) -> None:
    """NOT-4, PLN-5."""
    early = NOON - timedelta(days=1)
    assert pre_send_check(message(notice), facts(plan=replace(PLAN, live=False)), early) == GONE
    assert pre_send_check(message(notice), facts(plan=replace(PLAN, installments=PLAN.installments[1:])), early) == GONE
    assert pre_send_check(message(notice), facts(invoice=InvoiceFacts(300, 300, is_void=True)), early) == GONE


@pytest.mark.parametrize(
    ("notice", "days", "offset", "expected"),
    [
        (Notice.INSTALLMENT_DUE_SOON, -1, 0, SENT),
        (Notice.INSTALLMENT_DUE_SOON, 0, 0, GONE),
        (Notice.INSTALLMENT_DUE, 0, 0, SENT),
        (Notice.INSTALLMENT_DUE, 1, 0, GONE),
        (Notice.INSTALLMENT_DUE, 2, 2, SENT),
        (Notice.INSTALLMENT_OVERDUE, 40, 0, SENT),
    ],
)
def test_what_is_due_soon_is_not_said_on_its_day_nor_what_is_due_after_it(
    notice: Notice, days: int, offset: int, expected: object
) -> None:
    """NOT-4: quiet hours or a day of downtime may have kept it; the next reminder says it then."""
    later = Settings(1, notices={notice: NoticeSettings(offset_days=offset)})
    assert pre_send_check(message(notice), facts(settings=later), NOON + timedelta(days=days)) == expected


def test_the_clinics_calendar_decides_what_day_it_is() -> None:
    """PLN-4: at 03:00 UTC it is still the day before in New York."""
    assert pre_send_check(message(Notice.INSTALLMENT_DUE), facts(), datetime(2026, 12, 1, 3, 0, tzinfo=UTC)) == SENT
    assert pre_send_check(message(Notice.INSTALLMENT_DUE), facts(), datetime(2026, 12, 1, 6, 0, tzinfo=UTC)) == GONE


def test_opting_out_of_reminders_silences_them_and_not_the_plan() -> None:
    """NOT-2."""
    known = facts(consents=("documents",))
    for notice in (*REMINDERS, Notice.INVOICE_OVERDUE):
        assert notice.purpose is Purpose.REMINDERS
    assert pre_send_check(message(Notice.INSTALLMENT_OVERDUE), known, NOON) == Suppress(Cause.NO_CONSENT)
    agreed = message(Notice.PLAN_AGREED, installment_id=None, plan_version=1)
    assert pre_send_check(agreed, known, NOON) == SENT


def test_an_overdue_invoice_is_reminded_of_while_it_is_open_and_has_no_plan() -> None:
    """INV-9, NOT-4."""
    about = message(Notice.INVOICE_OVERDUE, installment_id=None, plan_id=None, amount_minor=300)
    assert pre_send_check(about, facts(120, plan=None), NOON) == SENT
    assert amount_due(about, facts(120, plan=None)) == 120
    assert pre_send_check(about, facts(0, plan=None), NOON) == GONE
    assert pre_send_check(about, facts(120), NOON) == GONE


@pytest.mark.parametrize(
    "notice", [Notice.INVOICE_ISSUED, Notice.PLAN_AGREED, Notice.PLAN_CHANGED, Notice.PLAN_CANCELLED]
)
@pytest.mark.parametrize(
    ("insured", "asked"),
    [
        ({"insurers_estimated_minor": 200}, 100),
        ({"insurers_estimated_minor": 200, "insurers_decided_minor": 250}, 50),
        ({"insurers_estimated_minor": 200, "insurers_decided_minor": 250, "insurers_paid_minor": 250}, 300),
        ({"insurers_estimated_minor": 200, "asked_of_lines_minor": 50}, 250),
        ({"insurers_decided_minor": 250, "insurers_paid_minor": 30, "asked_of_lines_minor": 100}, 230),
        ({}, 300),
    ],
)
def test_what_comes_with_a_document_asks_the_patient_for_what_the_document_does(
    notice: Notice, insured: dict[str, int], asked: int
) -> None:
    """INS-4: a plan's mail named 251.90 where 71.90 were the patient's."""
    about = message(notice, installment_id=None, plan_version=1, amount_minor=300)
    assert amount_due(about, facts(invoice=InvoiceFacts(300, 300, is_void=False, **insured))) == asked


@pytest.mark.parametrize(
    ("notice", "version", "plan", "outstanding", "expected"),
    [
        (Notice.PLAN_AGREED, 1, PLAN, 300, SENT),
        (Notice.PLAN_AGREED, 1, replace(PLAN, version=2), 300, GONE),
        (Notice.PLAN_CHANGED, 2, replace(PLAN, version=2), 300, SENT),
        (Notice.PLAN_CHANGED, 2, replace(PLAN, version=2, live=False), 300, GONE),
        (Notice.PLAN_CHANGED, 2, replace(PLAN, version=2), 0, GONE),
        (Notice.PLAN_CANCELLED, 2, replace(PLAN, version=2, live=False), 300, SENT),
        (Notice.PLAN_CANCELLED, 2, replace(PLAN, version=2, live=False), 0, GONE),
    ],
)
def test_a_plan_is_told_as_it_is_now_or_not_at_all(
    notice: Notice, version: int, plan: PlanFacts, outstanding: int, expected: object
) -> None:
    """NOT-4: what a newer version replaced is told by that one."""
    about = message(notice, installment_id=None, plan_version=version, amount_minor=300)
    assert pre_send_check(about, facts(outstanding, plan=plan), NOON) == expected
