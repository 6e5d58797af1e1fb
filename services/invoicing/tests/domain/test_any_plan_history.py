"""Whatever happens to an invoice, its installments' remaining sum to its outstanding, none below zero (`PLN-3`)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from invoicing.domain.installment import SettlementEntry
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.installment_schedule import InstallmentSchedule, Part, Recurrence
from invoicing.domain.note import Note, Side
from invoicing_making import plan_note

pytestmark = pytest.mark.rule("PLN-3.1")

TODAY = date(2027, 1, 15)
NOW = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)
amounts = st.integers(1, 500)


class PlanHistory(RuleBasedStateMachine):
    """An invoice in plain words: what it asks, and what each payment holds of it, by installment named.

    Payments never settles more than is asked, and releases what a credit note makes too much, later: what it has
    decided is counted by `hear`, so that notes and reschedulings fall in between.
    """

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.held: dict[UUID, dict[UUID | None, int]] = defaultdict(lambda: defaultdict(int))
        self.version = 1
        self.told: list[SettlementEntry] = []
        self.entries: list[SettlementEntry] = []
        self.plan: InstallmentPlan | None = None
        self.notes: list[Note] = []

    @property
    def settled(self) -> int:
        return sum(sum(parts.values()) for parts in self.held.values())

    @property
    def outstanding(self) -> int:
        """As invoicing knows it."""
        return max(0, self.asked - sum(entry.change for entry in self.entries))

    def decided(self, *, by_note: bool = False) -> Decided:
        self.version += by_note
        return Decided(NOW, "clerk:1", "why", self.version)

    def tell(self, payment: UUID, named: UUID | None, change: int) -> None:
        self.held[payment][named] += change
        at = NOW + timedelta(seconds=len(self.told) + len(self.entries))
        self.told.append(SettlementEntry(payment, named, change, 0, at, new_id()))

    def division(self, data: st.DataObject, left: int) -> list[Part]:
        schedule = Recurrence(date(2027, 1, 31), data.draw(st.integers(1, 3)), "months")
        way = data.draw(st.sampled_from(["count", "amount", "given"]))
        if way == "count":
            return InstallmentSchedule("USD", count=data.draw(st.integers(1, min(6, left))), schedule=schedule).of(
                left, TODAY
            )
        if way == "amount":
            each = data.draw(st.integers(-(-left // 6), left))
            return InstallmentSchedule("USD", amount_per_period=each, schedule=schedule).of(left, TODAY)
        first = data.draw(st.integers(1, left))
        parts = [Part(schedule.day(k), part) for k, part in enumerate((first, left - first)) if part]
        return InstallmentSchedule("USD", given=tuple(parts)).of(left, TODAY)

    @initialize(total=st.integers(2, 1_000), paid=st.integers(0, 999))
    def issue(self, total: int, paid: int) -> None:
        self.asked = total
        if paid := min(paid, total - 1):
            self.tell(new_id(), None, paid)
            self.hear()

    @precondition(lambda self: self.outstanding > 0 and (self.plan is None or self.plan.ended))
    @rule(data=st.data())
    def agree(self, data: st.DataObject) -> None:
        self.plan = InstallmentPlan(new_id(), new_id(), new_id(), new_id(), "INV-1", "USD", TODAY)
        self.plan.agree(self.division(data, self.outstanding), self.decided(), new_id)

    @precondition(lambda self: self.told)
    @rule()
    def hear(self) -> None:
        """A batch of what payments has decided is counted, in one version of the invoice."""
        self.version += 1
        heard, self.told = self.told, []
        for entry in heard:
            fields = (
                entry.payment_id,
                entry.installment_id,
                entry.change,
                self.version,
                entry.occurred_at,
                entry.transaction_id,
            )
            self.entries.append(SettlementEntry(*fields))

    @precondition(lambda self: self.asked > self.settled)
    @rule(amount=amounts, data=st.data())
    def pay(self, amount: int, data: st.DataObject) -> None:
        known = [installment.id for installment in self.plan.installments] if self.plan else []
        named = data.draw(st.sampled_from([None, new_id(), *known]))
        self.tell(new_id(), named, min(amount, self.asked - self.settled))

    @precondition(lambda self: self.settled > 0)
    @rule(data=st.data())
    def refund(self, data: st.DataObject) -> None:
        """Money goes back and a credit note of as much goes with it: nothing changes."""
        payment = data.draw(st.sampled_from([one for one, parts in self.held.items() if sum(parts.values())]))
        self.tell(payment, None, 0)

    @precondition(lambda self: self.settled > 0)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        payment = data.draw(st.sampled_from([one for one, parts in self.held.items() if sum(parts.values())]))
        for named, held in list(self.held[payment].items()):
            if held:
                self.tell(payment, named, -held)

    @precondition(lambda self: self.settled > self.asked)
    @rule()
    def release(self) -> None:
        """Payments releases what is settled beyond what is asked, the latest payment first."""
        for payment, parts in reversed(list(self.held.items())):
            for named, held in reversed(list(parts.items())):
                if cut := min(held, self.settled - self.asked):
                    self.tell(payment, named, -cut)

    def note(self, side: Side, kind: str, amount: int, undoes_id: UUID | None = None) -> None:
        """What it asks for changes, and the plan that it has or had is told as the service tells it."""
        made = plan_note(side, kind, amount, undoes_id)
        self.notes.append(made)
        self.asked += amount if side == "debit" else -amount
        if self.plan is None or not (self.plan.is_concerned(self.notes) if undoes_id else not self.plan.ended):
            return
        self.plan.entries, self.plan.outstanding = self.entries, self.outstanding
        decided = replace(self.decided(by_note=True), note_id=made.id)
        if undoes_id:
            unsettled = self.asked - sum(entry.change for entry in self.entries)
            self.plan.undo(self.notes, unsettled, TODAY, decided, new_id)
        elif side == "credit":
            self.plan.credit(amount, decided)
        else:
            self.plan.debit(amount, TODAY, decided, new_id)

    @precondition(lambda self: self.asked > 0)
    @rule(amount=amounts, kind=st.sampled_from(["courtesy", "contractual_write_off"]))
    def credit(self, amount: int, kind: str) -> None:
        self.note("credit", kind, min(amount, self.asked))

    @rule(amount=amounts)
    def debit(self, amount: int) -> None:
        self.note("debit", "late_fee", amount)

    def undoable(self) -> list[Note]:
        undone = {note.undoes_id for note in self.notes}
        free = [note for note in self.notes if note.undoes_id is None and note.id not in undone]
        return [note for note in free if note.side == "credit" or note.amounts.total <= self.asked]

    @precondition(lambda self: self.undoable())
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.undoable()))
        side: Side = "debit" if one.side == "credit" else "credit"
        self.note(side, f"undo_{one.side}_note", one.amounts.total, one.id)

    @precondition(lambda self: self.plan and not self.plan.ended and self.outstanding > 0)
    @rule(data=st.data())
    def reschedule(self, data: st.DataObject) -> None:
        assert self.plan
        self.plan.entries = self.entries
        self.plan.reschedule(lambda left: self.division(data, left), self.decided(), new_id)

    @precondition(lambda self: self.plan and not self.plan.ended)
    @rule()
    def cancel_plan(self) -> None:
        assert self.plan
        self.plan.entries = self.entries
        self.plan.cancel("cancelled", self.decided())

    @invariant()
    def remaining_is_the_outstanding(self) -> None:
        if self.plan is None or self.plan.ended:
            return
        self.plan.entries = self.entries
        standing = self.plan.standing()
        assert standing.remaining == self.outstanding
        for installment in standing.installments:
            assert 0 <= installment.paid <= installment.amount
            assert installment.amount > 0
        days = [installment.installment.due_date for installment in standing.installments]
        assert days == sorted(days)
        assert [installment.installment.position for installment in standing.installments] == list(
            range(1, len(days) + 1)
        )


TestPlanHistory = PlanHistory.TestCase
TestPlanHistory.settings = settings(max_examples=150, stateful_step_count=40)
