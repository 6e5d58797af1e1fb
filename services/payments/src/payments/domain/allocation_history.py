"""Whose money settles an invoice now: what each transaction allocated there and is there still (`PAY-5`).

Of a payment, what settled an invoice last leaves it first. What reverses a transaction is the exception: it takes that
one's, or puts back where that one had taken.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from payments.domain.movement import Settlement

Place = tuple[UUID, UUID, UUID | None]
"""A payment, an invoice, and the installment of it that was named, if one was."""


def place_of(part: Settlement) -> Place:
    """Where a settlement was made."""
    return part.payment_id, part.invoice_id, part.installment_id


@dataclass(frozen=True, slots=True)
class Change:
    """By how much one transaction changed what is settled at a place, in minor units, and what it reverses."""

    place: Place
    transaction_id: UUID
    minor: int
    reverses_id: UUID | None = None


@dataclass(slots=True)
class Settled:
    """One place: what each transaction has there, in the order of their coming, and what was taken of whose by whom."""

    parts: dict[UUID, int] = field(default_factory=dict)
    taken: dict[UUID, dict[UUID, int]] = field(default_factory=dict)

    def latest(self, wanted_minor: int) -> dict[UUID, int]:
        """What leaves first of an amount, by whose it is."""
        return _latest(list(reversed(self.parts.items())), wanted_minor)

    def follow(self, change: Change) -> None:
        """Count the next change."""
        if change.minor > 0:
            self._put(change)
        else:
            self._take(change)

    def _put(self, change: Change) -> None:
        left = change.minor
        undone = self.taken.pop(change.reverses_id, {}) if change.reverses_id else {}
        for whose in [one for one in self.parts if one in undone]:
            back = min(left, undone[whose])
            self.parts[whose] += back
            left -= back
        if left:
            self.parts[change.transaction_id] = left

    def _take(self, change: Change) -> None:
        left = -change.minor
        reversed_first = [change.reverses_id] if change.reverses_id in self.parts else []
        taken = self.taken.setdefault(change.transaction_id, {})
        for whose in (*reversed_first, *reversed(self.parts)):
            minor = min(left, self.parts[whose])
            if minor:
                self.parts[whose] -= minor
                taken[whose] = taken.get(whose, 0) + minor
                left -= minor


def holders_of(
    taken: Mapping[UUID, int], payment_id: UUID, settled: Mapping[Place, Settled], patients: Mapping[UUID, UUID]
) -> dict[UUID, int]:
    """Of which patients' money amounts are, by the transactions that brought them (`PAY-21`).

    What a move brought is of whoever's it was where it came from. `patients` are those of the transactions.
    """
    found: Counter[UUID] = Counter()
    for transaction_id, minor in taken.items():
        before: Counter[UUID] = Counter()
        for place, there in settled.items():
            if place[0] == payment_id:
                before.update(there.taken.get(transaction_id, {}))
        if not before:
            found[patients[transaction_id]] += minor
            continue
        latest = _latest(sorted(before.items(), reverse=True), minor)
        found.update(holders_of(latest, payment_id, settled, patients))
    return dict(found)


def _latest(parts: Iterable[tuple[UUID, int]], wanted_minor: int) -> dict[UUID, int]:
    latest: dict[UUID, int] = {}
    for whose, there in parts:
        if minor := min(wanted_minor, there):
            latest[whose] = minor
            wanted_minor -= minor
    return latest


def replayed(history: Iterable[Change]) -> dict[Place, Settled]:
    """What is settled at each place, and by whom, after these changes in the order in which they were recorded."""
    found: defaultdict[Place, Settled] = defaultdict(Settled)
    for change in history:
        found[change.place].follow(change)
    return dict(found)
