"""What of each installment is paid: derived from what was settled on the invoice, never stored (`PLN-2`, `PLN-3`).

What payments announced is gone through in the order in which it was counted, with the plan's versions between:
- what came in settles the installment it names, else the oldest unpaid first;
- what went out again (a cancellation, a chargeback, a release) reopens what that payment had settled, its latest first;
- what it had settled before there was a plan has no installment to reopen: the last one asks for it;
- what a new version no longer has room for settles the oldest unpaid; what is then left over is surplus, which payments
  releases to the patient's credit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from chassis.money import fill_in_order

from invoicing.domain.installment import Installment, PlanVersion, SettlementEntry, by_day

InstallmentState = Literal["planned", "due", "partly_paid", "paid", "overdue", "cancelled"]


@dataclass(frozen=True, slots=True)
class InstallmentBalance:
    """An installment as it stands: `amount` is what it asks for in all, with what was reopened on it."""

    installment: Installment
    amount: int
    paid: int
    dropped: int = 0
    """What of it is asked for no more, though its plan, which has ended, or an earlier version of it did (`PLN-8`)."""
    payments: tuple[tuple[UUID, int], ...] = ()
    """Which payments settle how much of it, in the order of their coming."""

    @property
    def remaining(self) -> int:
        """What of it is unpaid."""
        return self.amount - self.paid - self.dropped

    def state(self, today: date, *, ended: bool) -> InstallmentState:
        """By the clinic's calendar day (`PLN-4`); what is due or overdue is said before that it is partly paid."""
        if self.paid == self.amount:
            return "paid"
        if ended or self.dropped:
            return "cancelled"
        if today > self.installment.due_date:
            return "overdue"
        if today == self.installment.due_date:
            return "due"
        return "partly_paid" if self.paid else "planned"


@dataclass(frozen=True, slots=True)
class InstallmentBalances:
    """All installments of a plan as they stand, by due date."""

    installments: tuple[InstallmentBalance, ...]

    @property
    def total(self) -> int:
        """What they ask for in all."""
        return sum(installment.amount for installment in self.installments)

    @property
    def remaining(self) -> int:
        """What is unpaid: while the plan lives, exactly the invoice's outstanding (`PLN-3`)."""
        return sum(installment.remaining for installment in self.installments)

    @property
    def next(self) -> InstallmentBalance | None:
        """The oldest that is unpaid."""
        return next((installment for installment in self.installments if installment.remaining), None)

    def of(self, installment_id: UUID) -> InstallmentBalance | None:
        """One installment; None where the plan has it no more."""
        return next(
            (installment for installment in self.installments if installment.installment.id == installment_id), None
        )

    def within(self, outstanding: int) -> InstallmentBalances:
        """What an ended plan still says: no more than its invoice asks for, the latest dropped first (`PLN-8`)."""
        latest_first = self.installments[::-1]
        cuts = fill_in_order(self.remaining - outstanding, [installment.remaining for installment in latest_first])
        kept = [replace(one, dropped=cut) if cut else one for one, cut in zip(latest_first, cuts, strict=True)]
        return InstallmentBalances(tuple(reversed(kept)))


def balances_of(
    versions: Sequence[PlanVersion], entries: Iterable[SettlementEntry], included: int = 0
) -> InstallmentBalances:
    """Go through a plan's versions, oldest first, and what was counted since it was agreed; see Going."""
    going = Going(versions[0], entries, included)
    for version in versions[1:]:
        going.count_until(version.invoice_version)
        going.turn(version.installments)
    going.count_all()
    return going.standing()


@dataclass(slots=True)
class _Settled:
    """A part of a payment, and the installment that it settles; None while no installment has room for it."""

    payment_id: UUID
    named: UUID | None
    minor: int
    place: UUID | None


class Going:
    """A plan while its history is gone through.

    What was counted by its first version was settled before it, but for so much as the agreement included: the latest
    of it then settles the installments as if it had come after (`PLN-9`).
    """

    def __init__(self, agreed: PlanVersion, entries: Iterable[SettlementEntry], included: int = 0) -> None:
        self._parts: list[_Settled] = []
        ordered = sorted(
            (entry for entry in entries if entry.change),
            key=lambda entry: (entry.counted, entry.occurred_at, entry.transaction_id, entry.ordinal),
        )
        self._waiting = [entry for entry in reversed(ordered) if entry.counted > agreed.invoice_version]
        self._begin(agreed.installments)
        for payment_id, minor in _latest(ordered[: len(ordered) - len(self._waiting)], included):
            self._settle(payment_id, None, minor)

    def standing(self) -> InstallmentBalances:
        """As it stands now."""
        return InstallmentBalances(
            tuple(
                InstallmentBalance(
                    installment,
                    self._amounts[installment.id],
                    self._paid[installment.id],
                    payments=self._payments_of(installment.id),
                )
                for installment in self._installments
            )
        )

    def _payments_of(self, installment_id: UUID) -> tuple[tuple[UUID, int], ...]:
        minor: dict[UUID, int] = {}
        for part in self._parts:
            if part.place == installment_id and part.minor:
                minor[part.payment_id] = minor.get(part.payment_id, 0) + part.minor
        return tuple(minor.items())

    @property
    def unsettled(self) -> int:
        """What they ask for and is not settled; below zero where more is settled than they ask for."""
        return sum(self._amounts.values()) - sum(part.minor for part in self._parts)

    def count_until(self, invoice_version: int) -> None:
        """Count what had been counted by a version of the invoice."""
        while self._waiting and self._waiting[-1].counted <= invoice_version:
            self._count(self._waiting.pop())

    def count_all(self) -> None:
        """Count everything else."""
        while self._waiting:
            self._count(self._waiting.pop())

    def turn(self, installments: Iterable[Installment]) -> None:
        """Go on with other installments: what they have no room for looks for another place."""
        parts = self._parts
        self._parts = []
        self._begin(installments)
        homeless = [part for part in parts if not self._keep(part)]
        for part in homeless:
            self._settle(part.payment_id, part.named, part.minor)

    def _count(self, entry: SettlementEntry) -> None:
        if entry.change > 0:
            self._settle(entry.payment_id, entry.installment_id, entry.change)
        else:
            self._reopen(entry.payment_id, entry.installment_id, -entry.change)
            self._place_surplus()

    def _begin(self, installments: Iterable[Installment]) -> None:
        self._installments = by_day(installments)
        self._amounts = {installment.id: installment.amount for installment in self._installments}
        self._paid = dict.fromkeys(self._amounts, 0)

    def _keep(self, part: _Settled) -> bool:
        """Leave a part where it was, as far as there is room; False where some of it needs another place."""
        taken = self._put(part, part.place, part.minor)
        part.minor -= taken
        return part.minor == 0

    def _settle(self, payment_id: UUID, named: UUID | None, minor: int) -> None:
        part = _Settled(payment_id, named, minor, None)
        for place in (named, *(installment.id for installment in self._installments)):
            part.minor -= self._put(part, place, part.minor)
        if part.minor:
            self._parts.append(part)

    def _put(self, part: _Settled, place: UUID | None, minor: int) -> int:
        if place is None or place not in self._amounts:
            return 0
        fits = min(minor, self._amounts[place] - self._paid[place])
        if fits:
            self._paid[place] += fits
            self._parts.append(_Settled(part.payment_id, part.named, fits, place))
        return fits

    def _reopen(self, payment_id: UUID, named: UUID | None, minor: int) -> None:
        own = [part for part in reversed(self._parts) if part.payment_id == payment_id]
        for part in sorted(own, key=lambda one: (one.place is not None, one.named != named)):
            taken = min(minor, part.minor)
            part.minor -= taken
            minor -= taken
            if part.place is not None:
                self._paid[part.place] -= taken
        self._parts = [part for part in self._parts if part.minor]
        if minor and self._installments:
            self._amounts[self._installments[-1].id] += minor

    def _place_surplus(self) -> None:
        surplus = [part for part in self._parts if part.place is None]
        self._parts = [part for part in self._parts if part.place is not None]
        for part in surplus:
            self._settle(part.payment_id, part.named, part.minor)


def _latest(counted: Sequence[SettlementEntry], minor: int) -> list[tuple[UUID, int]]:
    """Of what payments had settled by then, the latest up to so much, in the order of their coming."""
    stands: dict[UUID, int] = {}
    for entry in counted if minor else ():
        stands[entry.payment_id] = stands.get(entry.payment_id, 0) + entry.change
    found = []
    for payment_id, settled in reversed(list(stands.items())):
        taken = min(minor, max(0, settled))
        minor -= taken
        found.append((payment_id, taken))
    return [one for one in reversed(found) if one[1]]
