"""What settles, reopens and changes the installments of a plan (`PLN-2`, `PLN-3`, `PLN-5`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from invoicing.domain.errors import NothingOutstanding, PlanEnded
from invoicing.domain.installment import SettlementEntry
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.installment_schedule import InstallmentSchedule, Part, Recurrence

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
AGREED_AT = 3
"""The invoice's version when the plan was agreed."""


class Desk:
    """A plan of 100 over four installments of 25, and what is settled on its invoice from then on."""

    def __init__(self, count: int = 4, outstanding: int = 100) -> None:
        self.plan = InstallmentPlan(new_id(), new_id(), new_id(), new_id(), "INV-1", "USD", TODAY)
        self.counted = AGREED_AT
        self.entries: list[SettlementEntry] = []
        self.plan.entries = self.entries
        parts = InstallmentSchedule("USD", count=count, schedule=Recurrence(TODAY, 1, "weeks")).of(outstanding, TODAY)
        self.plan.agree(parts, self.decided(), new_id)

    def decided(self, reason: str | None = None) -> Decided:
        return Decided(NOW, "clerk:1", reason, self.counted)

    def settle(self, change: int, payment: UUID | None = None, named: UUID | None = None) -> UUID:
        payment = payment or new_id()
        self.counted += 1
        at = NOW + timedelta(minutes=self.counted)
        self.entries.append(SettlementEntry(payment, named, change, self.counted, at, new_id()))
        return payment

    def ids(self) -> list[UUID]:
        return [installment.id for installment in self.plan.installments]

    def remaining(self) -> list[int]:
        return [installment.remaining for installment in self.plan.standing().installments]

    def states(self, today: date) -> list[str]:
        return [installment.state(today, ended=self.plan.ended) for installment in self.plan.standing().installments]


@pytest.mark.rule("PLN-2.1")
def test_a_payment_settles_the_oldest_unpaid_first() -> None:
    desk = Desk()
    desk.settle(30)
    assert desk.remaining() == [0, 20, 25, 25]
    desk.settle(70)
    assert desk.remaining() == [0, 0, 0, 0]


@pytest.mark.rule("PLN-2.1")
def test_a_payment_settles_the_installment_it_names_and_then_the_oldest() -> None:
    desk = Desk()
    desk.settle(40, named=desk.ids()[2])
    assert desk.remaining() == [10, 25, 0, 25]


def test_a_payment_that_names_an_installment_that_is_gone_settles_the_oldest() -> None:
    desk = Desk()
    desk.settle(25, named=new_id())
    assert desk.remaining() == [0, 25, 25, 25]


@pytest.mark.rule("PLN-2.2")
def test_a_cancellation_reopens_what_its_payment_settled() -> None:
    """PLN-2: the first installment opens again, not the last that money reached."""
    desk = Desk()
    first = desk.settle(25)
    desk.settle(25)
    desk.settle(-25, first)
    assert desk.remaining() == [25, 0, 25, 25]


@pytest.mark.rule("PLN-2.2")
def test_a_cancellation_of_a_named_part_reopens_that_installment() -> None:
    desk = Desk()
    third = desk.ids()[2]
    payment = desk.settle(20, named=third)
    desk.settle(5, payment)
    desk.settle(-20, payment, named=third)
    assert desk.remaining() == [20, 25, 25, 25]


def test_a_part_of_a_payment_that_goes_reopens_its_latest_first() -> None:
    desk = Desk()
    payment = desk.settle(60)
    desk.settle(-15, payment)
    assert desk.remaining() == [0, 5, 25, 25]


@pytest.mark.rule("PLN-2.3")
def test_a_refund_changes_nothing() -> None:
    """PLN-2: its entry and its credit note cancel out, so that its change is nothing."""
    desk = Desk()
    payment = desk.settle(50)
    desk.settle(0, payment)
    assert desk.remaining() == [0, 0, 25, 25]


def test_a_payment_older_than_the_plan_that_goes_is_asked_with_the_last_installment() -> None:
    desk = Desk()
    desk.settle(25)
    desk.settle(-40, new_id())
    assert desk.remaining() == [0, 25, 25, 65]
    assert desk.plan.standing().total == 140


@pytest.mark.rule("PLN-2.4")
def test_a_credit_note_reduces_the_latest_unpaid_first() -> None:
    desk = Desk()
    desk.settle(30)
    desk.plan.credit(40, desk.decided("courtesy"))
    assert desk.remaining() == [0, 20, 10]
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 10]
    assert [(version.number, version.cause, version.reason) for version in desk.plan.versions] == [
        (1, "agreed", None),
        (2, "invoice_credited", "courtesy"),
    ]


def test_a_credit_note_beyond_what_is_unpaid_leaves_surplus_that_payments_releases() -> None:
    desk = Desk()
    desk.settle(75)
    latest = desk.settle(5)
    desk.plan.credit(30, desk.decided())
    assert desk.remaining() == [0, 0, 0]
    assert desk.plan.standing().total == 70
    desk.settle(-5, latest)
    assert desk.remaining() == [0, 0, 0]
    desk.settle(-5, desk.entries[0].payment_id)
    assert desk.remaining() == [0, 0, 0]


def test_surplus_fills_what_a_cancellation_reopens() -> None:
    desk = Desk(count=2, outstanding=50)
    first = desk.settle(25)
    desk.settle(25)
    desk.plan.credit(25, desk.decided())
    desk.settle(-25, first)
    assert desk.remaining() == [0]


def test_a_credit_note_of_everything_ends_the_plan_as_it_stood() -> None:
    desk = Desk()
    desk.plan.credit(100, desk.decided())
    assert desk.plan.ended
    assert desk.states(TODAY) == ["cancelled"] * 4
    assert desk.remaining() == [0] * 4, "the invoice asks for nothing any more"


def test_a_debit_note_is_asked_with_the_last_installment() -> None:
    desk = Desk()
    desk.plan.debit(12, TODAY, desk.decided(), new_id)
    assert desk.remaining() == [25, 25, 25, 37]


def test_a_debit_note_after_the_last_is_paid_is_an_installment_of_its_own() -> None:
    desk = Desk()
    desk.settle(100)
    due = date(2027, 1, 5)
    desk.plan.debit(12, due, desk.decided(), new_id)
    assert desk.remaining() == [0, 0, 0, 0, 12]
    assert desk.plan.installments[-1].due_date == due


@pytest.mark.rule("PLN-5.1")
def test_rescheduling_divides_the_unpaid_part_and_keeps_what_is_paid() -> None:
    desk = Desk()
    before = desk.plan.installments
    payment = desk.settle(30)
    division = InstallmentSchedule("USD", count=2, schedule=Recurrence(date(2026, 12, 31)))
    desk.plan.reschedule(lambda left: division.of(left, TODAY), desk.decided("a new job"), new_id)
    kept = [(installment.id, installment.amount, installment.due_date) for installment in desk.plan.installments[:2]]
    assert kept == [(before[0].id, 25, before[0].due_date), (before[1].id, 5, before[1].due_date)]
    assert desk.remaining() == [0, 0, 35, 35]
    desk.settle(-30, payment)
    assert desk.remaining() == [25, 5, 35, 35], "a cancellation reopens what it settled, before the rescheduling too"


def test_what_was_paid_on_an_installment_stays_on_it_through_versions() -> None:
    desk = Desk()
    desk.settle(25, named=desk.ids()[3])
    division = InstallmentSchedule("USD", given=(Part(date(2027, 1, 1), 75),))
    desk.plan.reschedule(lambda left: division.of(left, TODAY), desk.decided(), new_id)
    assert [(installment.amount, installment.paid) for installment in desk.plan.standing().installments] == [
        (25, 25),
        (75, 0),
    ]


def test_nothing_unpaid_cannot_be_rescheduled() -> None:
    desk = Desk()
    desk.settle(100)
    with pytest.raises(NothingOutstanding):
        desk.plan.reschedule(lambda left: [Part(TODAY, left)], desk.decided(), new_id)


def test_a_plan_that_has_ended_is_not_changed_any_more() -> None:
    desk = Desk()
    desk.plan.cancel("cancelled", desk.decided("she pays at once"))
    assert [version.cause for version in desk.plan.versions] == ["agreed", "cancelled"]
    with pytest.raises(PlanEnded):
        desk.plan.cancel("cancelled", desk.decided())
    with pytest.raises(PlanEnded):
        desk.plan.reschedule(lambda left: [Part(TODAY, left)], desk.decided(), new_id)


@pytest.mark.rule("PLN-4.1")
def test_each_installment_has_its_state_by_the_calendar_day() -> None:
    """PLN-4: weekly from 23 November on."""
    desk = Desk()
    desk.settle(25)
    desk.settle(10, named=desk.ids()[2])
    assert desk.states(TODAY) == ["paid", "planned", "partly_paid", "planned"]
    assert desk.states(date(2026, 11, 30)) == ["paid", "due", "partly_paid", "planned"]
    assert desk.states(date(2026, 12, 7)) == ["paid", "overdue", "due", "planned"]
    desk.plan.cancel("cancelled", desk.decided())
    assert desk.states(date(2026, 12, 7)) == ["paid", "cancelled", "cancelled", "cancelled"]
