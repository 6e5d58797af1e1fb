"""Whose money settles an invoice now: what each transaction allocated there and is there still (`PAY-5`, `PAY-21`).

Of a payment, what settled an invoice last leaves it first. What reverses a transaction is the exception: it takes that
one's, or puts back where that one had taken. What a move brings is of whoever's it was where it came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from payments.domain.movement import Settlement

Place = tuple[UUID, UUID, UUID | None]
"""A payment, an invoice, and the installment of it that was named, if one was."""
Owned = tuple[UUID, int]
"""A patient, and an amount in minor units that was the patient's money before it settled an invoice."""


def place_of(part: Settlement) -> Place:
    """Where a settlement was made."""
    return part.payment_id, part.invoice_id, part.installment_id


def take_latest(there: list[Owned], minor: int) -> list[Owned]:
    """Take up to an amount off what lies there, the latest first; returned as it lay, the latest at the end."""
    taken: list[Owned] = []
    while minor > 0 and there:
        whose, part = there.pop()
        if part > minor:
            there.append((whose, part - minor))
        taken.append((whose, min(part, minor)))
        minor -= min(part, minor)
    return taken[::-1]


def by_owner(owned: Iterable[Owned]) -> dict[UUID, int]:
    """The sum of each patient's, whose money came last first."""
    sums: dict[UUID, int] = {}
    for whose, minor in reversed(list(owned)):
        sums[whose] = sums.get(whose, 0) + minor
    return sums


def take_earliest(there: list[Owned], minor: int) -> list[Owned]:
    """The same with the earliest first."""
    there.reverse()
    taken = take_latest(there, minor)
    there.reverse()
    return taken[::-1]


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a transaction of a patient changed what is settled at a place, in minor units; what it reverses."""

    place: Place
    transaction_id: UUID
    patient_id: UUID
    minor: int
    reverses_id: UUID | None = None


@dataclass(slots=True)
class Settled:
    """One place: what each transaction has there, in the order of their coming, and what was taken of whose by whom."""

    there: dict[UUID, list[Owned]] = field(default_factory=dict)
    gone: dict[UUID, dict[UUID, list[Owned]]] = field(default_factory=dict)

    @property
    def parts(self) -> dict[UUID, int]:
        """What each transaction has there, in minor units."""
        return {one: _sum(owned) for one, owned in self.there.items()}

    @property
    def taken(self) -> dict[UUID, dict[UUID, int]]:
        """What each transaction took there of which others, in minor units."""
        return {by: {one: _sum(owned) for one, owned in of.items()} for by, of in self.gone.items()}

    @property
    def owned(self) -> list[Owned]:
        """Whose money it is, the latest at the end."""
        return [one for owned in self.there.values() for one in owned]

    def taken_by(self, transaction_id: UUID) -> list[Owned]:
        """Whose money a transaction took there: what finds room there again first, first."""
        of = self.gone.get(transaction_id, {})
        return [one for transaction in self.there for one in of.get(transaction, [])]

    def take(self, change: Change) -> list[Owned]:
        """Count what leaves; returns whose it is, the latest at the end."""
        left = -change.minor
        reversed_first = [change.reverses_id] if change.reverses_id in self.there else []
        gone = self.gone.setdefault(change.transaction_id, {})
        taken: list[Owned] = []
        for id_ in (*reversed_first, *reversed(self.there)):
            owned = take_latest(self.there[id_], left)
            if owned:
                gone[id_] = owned
                taken = owned + taken
                left -= _sum(owned)
        return taken

    def put(self, change: Change, brought: list[Owned]) -> None:
        """Count what comes: first where what it undoes had taken it, the rest as its own, of whoever's it is."""
        left = change.minor
        undone = self.gone.pop(change.reverses_id, {}) if change.reverses_id else {}
        for one in [id_ for id_ in self.there if id_ in undone]:
            back = take_earliest(undone[one], left)
            self.there[one] += back
            left -= _sum(back)
        if left:
            self.there[change.transaction_id] = take_latest(brought, left)


def replayed(history: Iterable[Change]) -> dict[Place, Settled]:
    """What is settled at each place, and by whom, after these changes in the order in which they were recorded."""
    found: defaultdict[Place, Settled] = defaultdict(Settled)
    for changes in _by_transaction(history).values():
        brought: list[Owned] = []
        for change in changes:
            if change.minor < 0:
                brought = found[change.place].take(change) + brought
        for change in changes:
            if change.minor > 0:
                found[change.place].put(change, brought or [(change.patient_id, change.minor)])
    return dict(found)


def taken_by(
    settled: Mapping[Place, Settled], payment_id: UUID, transaction_id: UUID
) -> dict[tuple[UUID, UUID | None], list[Owned]]:
    """Whose money a transaction took of a payment, by invoice and installment: what finds room again first, first."""
    of_payment = {place[1:]: one for place, one in settled.items() if place[0] == payment_id}
    return {place: one.taken_by(transaction_id) for place, one in of_payment.items()}


@dataclass(slots=True)
class Owners:
    """Whose money a payment's allocations are, by invoice and installment, the latest at the end; it follows them."""

    owned: dict[tuple[UUID, UUID | None], list[Owned]]

    @classmethod
    def of(cls, settled: Mapping[Place, Settled], payment_id: UUID) -> Owners:
        """Those of one payment."""
        return cls({place[1:]: one.owned for place, one in settled.items() if place[0] == payment_id})

    @property
    def patients(self) -> set[UUID]:
        """Everybody whose money it is."""
        return {whose for owned in self.owned.values() for whose, _ in owned}

    def follow(self, place: tuple[UUID, UUID | None], minor: int, owner: UUID) -> None:
        """Count what comes to a place of a patient's, or leaves it (below zero), the latest first."""
        there = self.owned.setdefault(place, [])
        if minor > 0:
            there.append((owner, minor))
        else:
            take_latest(there, -minor)

    def latest(self, place: tuple[UUID, UUID | None], minor: int) -> dict[UUID, int]:
        """Whose an amount is that would leave a place."""
        return by_owner(take_latest(list(self.owned.get(place, [])), minor))


def _by_transaction(history: Iterable[Change]) -> dict[UUID, list[Change]]:
    """In the order of the transactions; what one takes is looked at before what it brings elsewhere."""
    found: dict[UUID, list[Change]] = {}
    for change in history:
        found.setdefault(change.transaction_id, []).append(change)
    return found


def _sum(owned: Iterable[Owned]) -> int:
    return sum(minor for _, minor in owned)
