"""A note undone gives the installments back as they were agreed, whatever happened between (`PLN-7`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from hypothesis import given, settings
from hypothesis import strategies as st
from invoicing.domain.installment import SettlementEntry
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.installment_schedule import InstallmentSchedule, Part, Recurrence
from invoicing.domain.note import Note, Side
from invoicing_making import plan_note

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
Agreed = list[tuple[date, int]]


class Desk:
    """An invoice of so much in weekly installments, its notes, and the money that is counted on it."""

    def __init__(self, total: int = 100, count: int = 4) -> None:
        self.asked, self.version = total, 1
        self.notes: list[Note] = []
        self.entries: list[SettlementEntry] = []
        self.plan = InstallmentPlan(new_id(), new_id(), new_id(), new_id(), "INV-1", "USD", TODAY)
        self.plan.entries = self.entries
        parts = InstallmentSchedule("USD", count=count, schedule=Recurrence(TODAY, 1, "weeks")).of(total, TODAY)
        self.plan.agree(parts, Decided(NOW, "clerk:1", None, self.version), new_id)

    @property
    def outstanding(self) -> int:
        return max(0, self.asked - sum(entry.change for entry in self.entries))

    def settle(self, change: int, payment: UUID | None = None) -> UUID:
        payment = payment or new_id()
        self.version += 1
        at = NOW + timedelta(minutes=self.version)
        self.entries.append(SettlementEntry(payment, None, change, self.version, at, new_id()))
        return payment

    def note(self, side: Side, kind: str, minor: int, undoes: Note | None = None, decision: UUID | None = None) -> Note:
        made = plan_note(side, kind, minor, undoes.id if undoes else None, decision)
        self.notes.append(made)
        self.version += 1
        self.asked += minor if side == "debit" else -minor
        self.plan.outstanding = self.outstanding
        decided = Decided(NOW, "clerk:1", "why", self.version, made.id)
        if undoes or (decision and side == "debit"):
            assert self.plan.is_concerned(self.notes)
            unsettled = self.asked - sum(entry.change for entry in self.entries)
            self.plan.undo(self.notes, unsettled, TODAY, decided, new_id)
        elif side == "credit":
            self.plan.credit(minor, decided)
        else:
            self.plan.debit(minor, TODAY, decided, new_id)
        return made

    def credit(self, minor: int) -> Note:
        return self.note("credit", "courtesy", minor)

    def debit(self, minor: int) -> Note:
        return self.note("debit", "late_fee", minor)

    def undo(self, note: Note) -> Note:
        side: Side = "debit" if note.side == "credit" else "credit"
        return self.note(side, f"undo_{note.side}_note", note.amounts.total, note)

    def agreed(self) -> Agreed:
        return [(installment.due_date, installment.amount) for installment in self.plan.installments]

    def remaining(self) -> list[int]:
        return [installment.remaining for installment in self.plan.standing().installments]


@pytest.mark.rule("PLN-7.1")
def test_a_credit_note_undone_gives_the_installments_back_as_they_were_agreed() -> None:
    """W4: 100 in four, 60 credited, undone: four times 25 on the days agreed, with who and why."""
    desk = Desk()
    before = desk.plan.installments
    credited = desk.credit(60)
    assert [installment.amount for installment in desk.plan.installments] == [25, 15]
    undone = desk.undo(credited)
    assert desk.plan.installments == before
    version = desk.plan.versions[-1]
    assert (version.number, version.cause, version.by, version.reason) == (3, "invoice_debited", "clerk:1", "why")
    assert version.note_id == undone.id


def test_a_plan_that_a_credit_note_of_all_had_ended_lives_again_when_that_is_undone() -> None:
    desk = Desk()
    before = desk.plan.installments
    credited = desk.credit(100)
    assert desk.plan.ended
    desk.undo(credited)
    assert not desk.plan.ended
    assert desk.plan.installments == before
    assert desk.remaining() == [25] * 4


def test_what_was_paid_meanwhile_stays_paid() -> None:
    desk = Desk()
    credited = desk.credit(60)
    desk.settle(30)
    desk.undo(credited)
    assert desk.agreed() == [(TODAY + timedelta(weeks=week), 25) for week in range(4)]
    assert desk.remaining() == [0, 20, 25, 25]


def test_what_was_released_meanwhile_is_asked_again_by_the_installments_that_it_had_settled() -> None:
    """All paid, 60 credited and therefore released as credit: undone, the last 60 are open again as agreed."""
    desk = Desk()
    payment = desk.settle(100)
    credited = desk.credit(60)
    desk.settle(-60, payment)
    desk.undo(credited)
    assert desk.agreed() == [(TODAY + timedelta(weeks=week), 25) for week in range(4)]
    assert desk.remaining() == [0, 10, 25, 25]


def test_of_two_credit_notes_the_one_that_stands_counts_as_if_it_had_been_alone() -> None:
    desk = Desk()
    first, second = desk.credit(60), desk.credit(10)
    desk.undo(first)
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 25, 15]
    desk.undo(second)
    assert [installment.amount for installment in desk.plan.installments] == [25] * 4


def test_a_credit_note_that_ended_a_plan_stands_when_an_earlier_one_is_undone() -> None:
    desk = Desk()
    first = desk.credit(60)
    desk.credit(40)
    assert desk.plan.ended
    desk.undo(first)
    assert not desk.plan.ended
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 10]


def test_a_debit_note_undone_takes_off_what_it_had_added_and_nothing_else() -> None:
    desk = Desk()
    fee = desk.debit(12)
    desk.credit(20)
    desk.undo(fee)
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 25, 5]


def test_a_debit_note_with_an_installment_of_its_own_takes_that_along_when_it_is_undone() -> None:
    desk = Desk()
    desk.settle(100)
    fee = desk.debit(12)
    assert len(desk.plan.installments) == 5
    desk.undo(fee)
    assert [installment.amount for installment in desk.plan.installments] == [25] * 4
    assert not desk.plan.ended


def test_a_write_off_that_a_later_decision_takes_back_gives_the_installments_back() -> None:
    """INS-3: 60 written off, then 20 of it taken back, then the rest."""
    desk = Desk()
    desk.note("credit", "contractual_write_off", 60, decision=new_id())
    desk.note("debit", "undo_credit_note", 20, decision=new_id())
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 10]
    desk.note("debit", "undo_credit_note", 40, decision=new_id())
    assert [installment.amount for installment in desk.plan.installments] == [25] * 4


def test_a_plan_that_a_write_off_had_ended_lives_again_when_that_is_taken_back() -> None:
    desk = Desk()
    desk.note("credit", "contractual_write_off", 100, decision=new_id())
    assert desk.plan.ended
    desk.note("debit", "undo_credit_note", 70, decision=new_id())
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 20]


def test_what_was_asked_for_after_the_end_is_asked_with_the_last_when_the_plan_lives_again() -> None:
    desk = Desk()
    credited = desk.credit(100)
    desk.asked += 30  # a debit note of an invoice without a plan
    desk.undo(credited)
    assert [installment.amount for installment in desk.plan.installments] == [25, 25, 25, 55]


def test_a_note_older_than_the_last_rescheduling_is_given_back_with_the_last_installment() -> None:
    """What was divided by hand since stays as it was divided then."""
    desk = Desk()
    credited = desk.credit(60)
    parts = [Part(date(2027, 1, 1), 20), Part(date(2027, 2, 1), 20)]
    desk.plan.reschedule(lambda _: parts, Decided(NOW, "clerk:1", "later", desk.version), new_id)
    desk.undo(credited)
    assert desk.agreed() == [(date(2027, 1, 1), 20), (date(2027, 2, 1), 80)]


def test_a_plan_cancelled_by_hand_stays_cancelled() -> None:
    desk = Desk()
    credited = desk.credit(60)
    desk.plan.cancel("cancelled", Decided(NOW, "clerk:1", "she pays at once", desk.version))
    desk.notes.append(plan_note("debit", "undo_credit_note", 60, credited.id))
    assert not desk.plan.is_concerned(desk.notes)


Step = tuple[str, int]
steps = st.lists(st.tuples(st.sampled_from(["pay", "cancel", "credit", "debit"]), st.integers(1, 40)), max_size=8)


def _go(desk: Desk, taken: Sequence[Step], most: int) -> None:
    payments: list[UUID] = []
    for what, minor in taken:
        if what == "pay":
            payments.append(desk.settle(minor))
        elif what == "cancel" and payments:
            payment = payments.pop()
            desk.settle(-sum(entry.change for entry in desk.entries if entry.payment_id == payment), payment)
        elif what == "debit":
            desk.debit(minor)
        elif what == "credit" and minor <= most:
            desk.credit(minor)
            most -= minor


@settings(max_examples=300)
@given(st.integers(1, 60), st.sampled_from(["credit", "debit"]), steps, steps, st.integers(1, 6))
def test_a_plan_is_in_the_end_as_if_the_undone_note_had_never_been(
    minor: int, side: Side, before: list[Step], between: list[Step], count: int
) -> None:
    """The same money and the same other notes, with the note and its opposite and without them."""
    told, untold = Desk(600, count), Desk(600, count)
    _go(told, before, 100)
    _go(untold, before, 100)
    note = told.note(side, "courtesy" if side == "credit" else "late_fee", minor)
    untold.version += 1
    _go(told, between, 100)
    _go(untold, between, 100)
    told.undo(note)
    assert told.agreed() == untold.agreed()
    assert told.remaining() == untold.remaining()


def test_the_sum_is_what_the_invoice_asks_for_whatever_the_note_had_moved() -> None:
    desk = Desk()
    payment = desk.settle(40)
    credited = desk.credit(80)
    desk.settle(-20, payment)
    desk.undo(credited)
    assert sum(desk.remaining()) == desk.outstanding == 80
