"""A plan comes out the same however late it hears of money that was recorded before it was changed (`PLN-6`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from hypothesis import given, settings
from hypothesis import strategies as st
from invoicing.domain.installment import SettlementEntry
from invoicing.domain.installment_plan import COUNTED_THEN, GIVEN_THEN, UNKNOWN_THEN, InstallmentPlan
from late_money import EVENT, TODAY, Desk, each, equal, fixed, shown


def test_a_payment_recorded_before_the_agreement_and_heard_of_after_it_has_the_plan_divided_anew() -> None:
    """40.00 of 100.00 paid, at once three installments: 20.00 each, as a version of its own with who and why."""
    desk = Desk()
    desk.record(4_000)
    desk.agree(equal(3))
    before = desk.live.installments
    assert desk.amounts() == [3_334, 3_333, 3_333]
    desk.hear()
    assert (desk.amounts(), desk.remaining()) == ([2_000] * 3, [2_000] * 3)
    assert [(installment.id, installment.due_date) for installment in desk.live.installments] == [
        (installment.id, installment.due_date) for installment in before
    ]
    version = desk.live.versions[-1]
    told = (version.number, version.cause, version.by, version.reason, version.instead_of)
    assert told == (2, "divided_anew", EVENT, UNKNOWN_THEN, 1)


def test_what_is_recorded_after_the_agreement_settles_the_installments_as_ever() -> None:
    desk = Desk()
    desk.agree(equal(3))
    desk.record(4_000)
    desk.hear()
    assert (desk.live.version, desk.remaining()) == (1, [0, 2_667, 3_333])


def test_of_an_amount_per_period_there_are_fewer_installments_then() -> None:
    desk = Desk()
    desk.record(4_000)
    desk.agree(each(2_500))
    desk.hear()
    assert desk.amounts() == [2_500, 2_500, 1_000]


def test_a_payment_and_its_cancellation_both_heard_of_late_leave_the_plan_as_it_was_agreed() -> None:
    """Heard of in two batches, the plan is divided twice and is what it was, its installments included."""
    desk = Desk()
    payment = desk.record(4_000)
    desk.record(-4_000, payment)
    desk.agree(each(2_500))
    before = desk.live.installments
    desk.hear(1)
    desk.hear(1)
    assert desk.live.installments == before


def test_a_cancellation_recorded_before_the_agreement_is_divided_too() -> None:
    desk = Desk()
    payment = desk.record(4_000)
    desk.hear()
    desk.record(-4_000, payment)
    desk.agree(equal(3))
    assert desk.amounts() == [2_000] * 3
    desk.hear()
    assert desk.amounts() == [3_334, 3_333, 3_333]


def test_a_payment_cancelled_after_the_agreement_is_asked_with_the_last_as_if_it_had_been_known() -> None:
    """Nothing of the plan was settled by it: there is no installment to reopen."""
    desk = Desk()
    payment = desk.record(4_000)
    desk.agree(equal(3))
    desk.hear()
    desk.record(-4_000, payment)
    desk.hear()
    assert desk.remaining() == [2_000, 2_000, 6_000]


def test_where_nothing_had_been_outstanding_the_plan_ends_and_lives_again_when_that_was_a_mistake() -> None:
    desk = Desk()
    payment = desk.record(10_000)
    desk.record(-10_000, payment)
    desk.agree(equal(3))
    before = desk.live.installments
    desk.hear(1)
    assert (desk.live.ended, desk.remaining()) == (True, [0, 0, 0])
    assert (desk.live.versions[-1].cause, desk.live.versions[-1].reason) == ("divided_anew", UNKNOWN_THEN)
    desk.hear(1)
    assert (desk.live.ended, desk.live.installments, sum(desk.remaining())) == (False, before, 10_000)


def test_a_plan_that_ended_so_stays_ended_when_the_payment_is_cancelled_afterwards() -> None:
    """What is outstanding then is due as the invoice says, as without a plan."""
    desk = Desk()
    payment = desk.record(10_000)
    desk.agree(equal(3))
    desk.hear()
    desk.record(-10_000, payment)
    desk.hear()
    assert (desk.live.ended, sum(desk.remaining())) == (True, 10_000)


def test_given_amounts_stay_and_what_was_paid_settles_the_oldest_which_the_plan_says() -> None:
    desk = Desk()
    desk.record(4_000)
    desk.agree(fixed(2_500, 7_500))
    desk.hear()
    assert (desk.amounts(), desk.remaining()) == ([2_500, 7_500], [0, 6_000])
    assert (desk.live.versions[-1].cause, desk.live.versions[-1].reason) == ("divided_anew", GIVEN_THEN)


def test_money_that_took_the_place_of_other_money_changes_no_version() -> None:
    """A payment is cancelled and taken again as another before one is moved: of each installment as much is paid."""
    desk = Desk()
    desk.agree(equal(2))
    wrong = desk.record(5_000)
    desk.hear()
    desk.record(-5_000, wrong)
    right = desk.record(5_000)
    first, last = desk.live.standing().installments
    desk.move(last.installment.due_date, last.installment.due_date + timedelta(days=1))
    desk.hear()
    assert (desk.live.version, desk.remaining()) == (2, [0, 5_000])
    assert desk.live.one(first.installment.id).payments == ((right, 5_000),)


def test_a_rescheduling_divides_what_was_outstanding_then() -> None:
    desk = Desk()
    desk.agree(equal(2))
    desk.record(2_000)
    desk.reschedule(equal(4))
    desk.hear()
    assert desk.amounts() == [2_000] * 5
    assert desk.remaining() == [0, *[2_000] * 4]


def test_a_payment_from_before_the_agreement_is_known_to_the_rescheduling_too() -> None:
    desk = Desk()
    desk.record(4_000)
    desk.agree(equal(2))
    desk.reschedule(equal(4))
    desk.hear()
    assert (desk.amounts(), desk.remaining()) == ([1_500] * 4, [1_500] * 4)


def test_an_installment_moved_before_the_payment_was_known_is_moved_and_the_oldest_of_then_is_paid() -> None:
    desk = Desk()
    desk.agree(equal(4))
    desk.record(1_000)
    desk.move(TODAY, date(2027, 6, 1))
    desk.hear()
    assert [
        (installment.installment.due_date.month, installment.remaining)
        for installment in desk.live.standing().installments
    ] == [
        (12, 2_500),
        (1, 2_500),
        (2, 2_500),
        (6, 1_500),
    ]


def test_a_credit_note_between_and_its_undoing_count_as_they_would_have() -> None:
    """60.00 in three, 6.00 credited; undone it is three times 20.00 again."""
    desk = Desk()
    desk.record(4_000)
    desk.agree(equal(3))
    desk.credit(600)
    desk.hear()
    assert desk.amounts() == [2_000, 2_000, 1_400]
    desk.undo_credit()
    assert desk.amounts() == [2_000] * 3


@pytest.mark.rule("PLN-6.4")
def test_a_cancellation_from_before_an_undoing_is_told_by_a_version_of_its_own() -> None:
    """An outsider's case: the agreement to be signed would ask for 5.00 of a down payment of which 15.00 is unpaid."""
    desk = Desk()
    desk.agree(equal(4))
    paid = desk.record(1_000)
    desk.hear()
    desk.credit(4_000)
    desk.record(-1_000, paid)
    desk.undo_credit()
    told = desk.live.version
    assert desk.remaining() == [1_500, 2_500, 2_500, 2_500]
    desk.hear()
    assert desk.remaining() == [2_500] * 4
    version = desk.live.versions[-1]
    assert (version.number, version.cause, version.reason) == (told + 1, "divided_anew", COUNTED_THEN)


@pytest.mark.rule("PLN-6.4")
def test_what_changes_no_day_and_no_amount_is_told_by_a_version_too_and_what_cancels_itself_out_by_none() -> None:
    desk = Desk()
    desk.agree(equal(4))
    desk.record(1_000)
    desk.move(TODAY, date(2026, 11, 25))
    moved = desk.live.version
    desk.hear()
    assert (desk.live.version, desk.remaining()) == (moved + 1, [1_500, 2_500, 2_500, 2_500])
    again = desk.record(1_000)
    desk.record(-1_000, again)
    desk.move(date(2026, 11, 25), date(2026, 11, 26))
    moved = desk.live.version
    desk.hear()
    assert (desk.live.version, desk.remaining()) == (moved, [1_500, 2_500, 2_500, 2_500])


@pytest.mark.rule("PLN-6.3")
def test_a_payment_of_the_last_installment_from_before_a_credit_note_has_the_one_before_it_asked_less() -> None:
    """25.00 of the fourth, 25.00 credited: the third is not asked for any more, in either order."""
    for lag in (False, True):
        desk = Desk()
        desk.agree(equal(4))
        desk.record(2_500, named=desk.live.installments[-1].id)
        if not lag:
            desk.hear()
        desk.credit(2_500)
        desk.hear()
        assert [one[0].month for one in shown(desk)] == [11, 12, 2]
        assert desk.remaining() == [2_500, 2_500, 0]


@pytest.mark.rule("PLN-6.3")
def test_a_move_between_a_credit_note_and_its_undoing_is_gone_through_again_with_both() -> None:
    """The note that is undone changes nothing before the move, either."""
    for lag in (False, True):
        desk = Desk()
        desk.agree(equal(4))
        desk.credit(1_000)
        desk.record(1_000)
        if not lag:
            desk.hear()
        desk.move(TODAY, date(2027, 6, 1))
        desk.undo_credit()
        desk.hear()
        assert desk.remaining() == [2_500, 2_500, 2_500, 1_500]


def test_what_names_an_installment_was_recorded_after_it_was_there_whatever_a_clock_says() -> None:
    desk = Desk()
    early = desk.at
    desk.agree(equal(4))
    named = desk.live.installments[1].id
    desk.told.append(SettlementEntry(new_id(), named, 2_500, 0, early, new_id()))
    desk.hear()
    assert (desk.live.version, desk.remaining()) == (1, [2_500, 0, 2_500, 2_500])


def test_a_plan_of_an_older_release_keeps_its_amounts() -> None:
    """How it was divided is not known."""
    desk = Desk()
    desk.record(4_000)
    desk.plan = InstallmentPlan(new_id(), new_id(), new_id(), new_id(), "INV-1", "USD", TODAY)
    desk.plan.agree(equal(3).parts(10_000), desk.decided(), new_id)
    desk.hear()
    assert (desk.remaining(), desk.live.versions[-1].reason) == ([0, 2_667, 3_333], GIVEN_THEN)


def test_an_agreement_that_already_ran_divides_what_was_outstanding_then_and_what_it_included() -> None:
    """PLN-9: 20.00 of the 40.00 that were paid is its own: of 80.00 in four it settles the first."""
    for lag in (False, True):
        desk = Desk()
        desk.record(2_000)
        desk.hear()
        desk.record(2_000)
        if not lag:
            desk.hear()
        desk.agree(equal(4), included=2_000)
        desk.hear()
        assert (desk.amounts(), desk.remaining()) == ([2_000] * 4, [0, *[2_000] * 3])


COUNT_MAX = 6
divisions = st.one_of(st.integers(1, COUNT_MAX).map(equal), st.integers(2_000, 9_000).map(each))


class Both:
    """The same done at two desks: one hears of money at once, the other whenever it happens."""

    def __init__(self, data: st.DataObject) -> None:
        self.known, self.late, self.data = Desk(), Desk(), data
        self.payments: list[tuple[UUID, int]] = []

    def do(self, step: Callable[[Desk], object]) -> None:
        step(self.known)
        self.known.hear()
        if self.late.outstanding < COUNT_MAX:
            self.late.hear()
        step(self.late)
        if self.data.draw(st.booleans()):
            self.late.hear(self.data.draw(st.integers(1, 3)))

    def pay(self) -> None:
        if self.known.outstanding > 1:
            minor, payment = self.data.draw(st.integers(1, self.known.outstanding - 1)), new_id()
            self.payments.append((payment, minor))
            self.do(lambda desk: desk.record(minor, payment))

    def cancel(self) -> None:
        if self.payments:
            payment, minor = self.payments.pop(self.data.draw(st.integers(0, len(self.payments) - 1)))
            self.do(lambda desk: desk.record(-minor, payment))

    def agree(self) -> None:
        terms = self.data.draw(divisions if self.known.outstanding >= COUNT_MAX else st.just(each(2_000)))
        self.do(lambda desk: desk.agree(terms))

    def reschedule(self) -> None:
        if self.known.outstanding >= COUNT_MAX:
            terms = self.data.draw(divisions)
            self.do(lambda desk: desk.reschedule(terms))

    def move(self) -> None:
        wanted = self.data.draw(st.sampled_from(self.known.unpaid_days()))
        day = TODAY + timedelta(days=self.data.draw(st.integers(1, 900)))
        taken = {installment.due_date for desk in (self.known, self.late) for installment in desk.live.installments}
        if day not in taken and all(desk.unpaid_days().count(wanted) == 1 for desk in (self.known, self.late)):
            self.do(lambda desk: desk.move(wanted, day))

    def credit(self) -> None:
        if self.known.outstanding > 1:
            minor = self.data.draw(st.integers(1, self.known.outstanding - 1))
            if self.late.outstanding <= minor:  # a plan that a note has ended stays ended
                self.late.hear()
            self.do(lambda desk: desk.credit(minor))

    def undo(self) -> None:
        """The latest of the notes that are not undone."""
        undone = {note.undoes_id for note in self.known.notes}
        free = [place for place, note in enumerate(self.known.notes) if note.side == "credit" and note.id not in undone]
        if free:
            self.do(lambda desk: desk.undo_credit(free[-1]))

    def require_what_is_outstanding(self) -> None:
        assert self.late.live.standing().remaining == self.late.outstanding


@pytest.mark.rule("PLN-6.3")
@settings(max_examples=100)
@given(data=st.data())
def test_whatever_is_late_the_plan_comes_out_the_same(data: st.DataObject) -> None:
    """Payments, cancellations, reschedulings, moves and notes, heard of at once, and whenever it happens."""
    both = Both(data)
    steps = [both.pay, both.cancel, both.reschedule, both.move, both.credit, both.undo]
    for _ in range(data.draw(st.integers(0, 3))):
        data.draw(st.sampled_from([both.pay, both.cancel]))()
    both.agree()
    for _ in range(data.draw(st.integers(0, 6))):
        data.draw(st.sampled_from(steps))()
        both.require_what_is_outstanding()
    while both.late.told:
        both.late.hear(data.draw(st.integers(1, 3)))
        both.require_what_is_outstanding()
    assert shown(both.late) == shown(both.known)
