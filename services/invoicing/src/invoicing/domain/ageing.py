"""How long what is owed has been due, and by whom: insurers what is left to them, patients the rest (`PAY-16`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.ages import AGES, age_of
from chassis.money import fill_in_order

from invoicing.domain.patients_part import LeftToInsurer, beyond


@dataclass(frozen=True, slots=True)
class Owed:
    """A part of what an invoice still asks for, due on a day; minor units."""

    due_date: date
    minor: int


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who owes: a patient, or an insurer by its id and the name that the invoices have of it."""

    id: UUID
    insurer: str | None = None


@dataclass(frozen=True, slots=True)
class Aged:
    """What one debtor owes, by age: one amount for each of `AGES`, minor units."""

    debtor: Debtor
    amounts: tuple[int, ...]
    expected_write_off: int = 0
    """What of an insurer's is expected to be written off, not paid (`INS-1`)."""

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.amounts)

    def plus(self, other: Aged) -> Aged:
        """Both together."""
        return Aged(
            self.debtor,
            tuple(one + more for one, more in zip(self.amounts, other.amounts, strict=True)),
            self.expected_write_off + other.expected_write_off,
        )


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice that has a plan or an insurer, and what it asks for; minor units."""

    id: UUID
    patient_id: UUID
    due_date: date
    installment_plan_id: UUID | None
    minor: int
    insured: bool


@dataclass(frozen=True, slots=True)
class OpenInvoices:
    """What invoices ask for: `plain` added up by patient and age, and each of the `others`."""

    plain: list[Aged]
    others: list[OpenInvoice]


def aged(patient_id: UUID, owed: Sequence[Owed], insurers: Sequence[LeftToInsurer], as_of: date) -> list[Aged]:
    """Who owes the parts of one invoice; `insurers` is what is left to each, in turn, which may be more than is asked.

    The patient's part fills the oldest parts first (`INS-4`), then insurers' in turn.
    """
    oldest_first = sorted(owed, key=lambda one: one.due_date)
    asked = sum(one.minor for one in oldest_first)
    theirs = min(asked, sum(one.minor for one in insurers))
    wanted = [
        (Debtor(patient_id), asked - theirs, 0),
        *((Debtor(one.payer_id, one.name), one.minor, one.expected_write_off) for one in insurers),
    ]
    left = [one.minor for one in oldest_first]
    places = [age_of(one.due_date, as_of) for one in oldest_first]
    found = []
    for debtor, minor, off in wanted:
        amounts = [0] * len(AGES)
        parts = fill_in_order(minor, left)
        left = [whole - part for whole, part in zip(left, parts, strict=True)]
        for part, age in zip(parts, places, strict=True):
            amounts[age] += part
        if any(amounts):
            found.append(Aged(debtor, tuple(amounts), min(off, beyond(sum(amounts), minor - off))))
    return found


def gathered(parts: Iterable[Aged]) -> list[Aged]:
    """One row for each debtor, patients apart from insurers, in the order of their ids."""
    rows: dict[tuple[bool, UUID], Aged] = {}
    for part in parts:
        key = (part.debtor.insurer is not None, part.debtor.id)
        rows[key] = rows[key].plus(part) if key in rows else part
    return [rows[key] for key in sorted(rows)]
