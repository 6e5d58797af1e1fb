"""An invoice with a plan whose money is recorded at once and heard of whenever a test says so (`PLN-6`)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from invoicing.domain.installment import SettlementEntry
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.installment_schedule import InstallmentSchedule, Part, Recurrence, Terms
from invoicing.domain.note import Note
from invoicing_making import plan_note

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
EVENT = "event of payments"


def equal(count: int) -> Terms:
    return Terms(InstallmentSchedule("USD", count=count, schedule=Recurrence(TODAY, 1, "months")), TODAY)


def each(amount: int) -> Terms:
    return Terms(InstallmentSchedule("USD", amount_per_period=amount, schedule=Recurrence(TODAY, 1, "months")), TODAY)


def fixed(*amounts: int) -> Terms:
    parts = [Part(TODAY + timedelta(days=30 * place), amount) for place, amount in enumerate(amounts)]
    return Terms(InstallmentSchedule("USD", given=tuple(parts)), TODAY)


@dataclass
class Desk:
    """An invoice; money is recorded at once and heard of when `hear` is called."""

    asked: int = 10_000
    version: int = 1
    minutes: int = 0
    plan: InstallmentPlan | None = None
    notes: list[Note] = field(default_factory=list)
    told: list[SettlementEntry] = field(default_factory=list)
    entries: list[SettlementEntry] = field(default_factory=list)

    @property
    def at(self) -> datetime:
        self.minutes += 1
        return NOW + timedelta(minutes=self.minutes)

    @property
    def outstanding(self) -> int:
        return max(0, self.asked - sum(entry.change for entry in self.entries))

    @property
    def live(self) -> InstallmentPlan:
        assert self.plan
        self.plan.entries, self.plan.outstanding = self.entries, self.outstanding
        return self.plan

    def decided(self, **more: Any) -> Decided:
        return Decided(self.at, "clerk:1", "why", self.version, **more)

    def record(self, change: int, payment: UUID | None = None, named: UUID | None = None) -> UUID:
        payment = payment or new_id()
        self.told.append(SettlementEntry(payment, named, change, 0, self.at, new_id()))
        return payment

    def hear(self, most: int | None = None) -> None:
        """Count the oldest of what was recorded, as many as are said, as one batch."""
        heard, self.told = self.told[:most], self.told[len(self.told) if most is None else most :]
        if not heard:
            return
        self.version += 1
        self.entries += [replace(entry, counted=self.version) for entry in heard]
        if self.plan:
            self.live.hear(self.notes, Decided(NOW + timedelta(days=1), EVENT, None, self.version), new_id)

    def agree(self, terms: Terms, included: int = 0) -> None:
        self.plan = InstallmentPlan(new_id(), new_id(), new_id(), new_id(), "INV-1", "USD", TODAY, included=included)
        self.plan.entries = self.entries
        self.plan.agree(terms.parts(self.outstanding + included), self.decided(terms=terms), new_id)

    def reschedule(self, terms: Terms) -> None:
        self.live.reschedule(terms.parts, self.decided(terms=terms), new_id)

    def move(self, due: date, to: date) -> None:
        (one,) = (
            installment
            for installment in self.live.standing().installments
            if installment.remaining and installment.installment.due_date == due
        )
        self.live.move(one.installment.id, to, self.decided())

    def unpaid_days(self) -> list[date]:
        return [
            installment.installment.due_date
            for installment in self.live.standing().installments
            if installment.remaining
        ]

    def credit(self, minor: int) -> None:
        made = plan_note("credit", "courtesy", minor)
        self.notes.append(made)
        self.version, self.asked = self.version + 1, self.asked - minor
        self.live.credit(minor, self.decided(note_id=made.id))

    def undo_credit(self, place: int = -1) -> None:
        undone = self.notes[place]
        made = plan_note("debit", "undo_credit_note", undone.amounts.total, undone.id)
        self.notes.append(made)
        self.version, self.asked = self.version + 1, self.asked + undone.amounts.total
        unsettled = self.asked - sum(entry.change for entry in self.entries)
        self.live.undo(self.notes, unsettled, TODAY, self.decided(note_id=made.id), new_id)

    def amounts(self) -> list[int]:
        return [installment.amount for installment in self.live.standing().installments]

    def remaining(self) -> list[int]:
        return [installment.remaining for installment in self.live.standing().installments]


def shown(desk: Desk) -> list[tuple[date, int, int]]:
    return [
        (installment.installment.due_date, installment.amount, installment.paid)
        for installment in desk.live.standing().installments
    ]
