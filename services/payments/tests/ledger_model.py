"""What payments should do, in the plainest words: one number for each thing, no journal, no sharing of code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ModelPayment:
    amount: int
    settled: dict[int, int] = field(default_factory=dict)
    credit: dict[int, int] = field(default_factory=dict)
    refunded: int = 0
    gone: bool = False


@dataclass
class Model:
    """Invoices by number: what is outstanding (below zero: credited twice over); payments by number."""

    outstanding: dict[int, int] = field(default_factory=dict)
    pending: Counter[int] = field(default_factory=Counter)
    """What refunds want credited on each invoice and is not answered yet (PAY-20)."""
    void: set[int] = field(default_factory=set)
    payments: dict[int, ModelPayment] = field(default_factory=dict)

    def pay(self, payment: int, patient: int, amount: int, invoices: list[int]) -> None:
        new = self.payments[payment] = ModelPayment(amount)
        for invoice in invoices:
            part = min(amount, max(0, self.outstanding[invoice]))
            self._settle(new, invoice, part)
            amount -= part
        if amount:
            new.credit[patient] = amount

    def refund(self, payment: int, patient: int, amount: int, *, insurers: bool = False) -> None:
        """No outstanding changes, whatever is refunded (PAY-4); other patients' credit is theirs (PAY-21, INS-4)."""
        one = self.payments[payment]
        one.refunded += amount
        for holder in sorted(one.credit, key=lambda p: (p != patient, p)):
            if insurers or holder == patient:
                amount -= _take(one.credit, holder, amount)
        for invoice in reversed(list(one.settled)):
            amount -= _take(one.settled, invoice, amount)
        assert amount == 0

    def pay_out(self, payment: int, holder: int, amount: int) -> None:
        """PAY-21."""
        one = self.payments[payment]
        one.refunded += amount
        assert _take(one.credit, holder, amount) == amount

    def undo_refund(self, payment: int, invoice: int, whose: list[int], credited: int, void: bool) -> None:
        """Back to the invoice, as far as it has use for it; what counts as credited is undone (PAY-5).

        `whose` says of each cent whose it was: the first find room first, the rest are their owners' credit (PAY-21).
        """
        one = self.payments[payment]
        back = 0
        if not void:
            self.outstanding[invoice] += credited
            back = max(0, min(len(whose), self.outstanding[invoice]))
            self._settle(one, invoice, back)
        for patient, part in Counter(whose[back:]).items():
            one.credit[patient] = one.credit.get(patient, 0) + part

    def reverse(self, payment: int) -> None:
        """Each invoice asks again for what the payment had settled on it (PAY-5, PAY-6)."""
        one = self.payments[payment]
        for invoice, part in one.settled.items():
            self.outstanding[invoice] += part
        one.settled, one.credit, one.gone = {}, {}, True

    def apply(self, patient: int, invoice: int, amount: int) -> None:
        for payment in self.payments.values():
            part = _take(payment.credit, patient, amount)
            amount -= part
            self._settle(payment, invoice, part)

    def take_back(self, payment: int, patient: int, invoice: int, part: int) -> None:
        """The invoice asks again for what applied credit settled, and the patient has it again (PAY-5)."""
        one = self.payments[payment]
        assert _take(one.settled, invoice, part) == part
        self.outstanding[invoice] += part
        one.credit[patient] = one.credit.get(patient, 0) + part

    def give_back(self, payment: int, taker: int, giver: int, part: int) -> None:
        """A transfer was a mistake (PAY-5)."""
        one = self.payments[payment]
        assert _take(one.credit, taker, part) == part
        one.credit[giver] = one.credit.get(giver, 0) + part

    def credit_note(self, invoice: int, whose: dict[int, list[int]], amount: int) -> None:
        """What is surplus, unanswered refunds apart, is credit of whoever's it was (INV-9, PAY-20, PAY-21)."""
        self.outstanding[invoice] -= amount
        for number, one in reversed(self.payments.items()):
            unanswered = 0 if invoice in self.void else self.pending[invoice]
            part = _take(one.settled, invoice, max(0, -self.outstanding[invoice] - unanswered))
            self.outstanding[invoice] += part
            owners = whose.get(number, [])
            assert len(owners) == part
            for patient, some in Counter(owners).items():
                one.credit[patient] = one.credit.get(patient, 0) + some

    def credit_of(self, patient: int) -> int:
        return sum(payment.credit.get(patient, 0) for payment in self.payments.values())

    def _settle(self, one: ModelPayment, invoice: int, part: int) -> None:
        if part:
            one.settled[invoice] = one.settled.pop(invoice, 0) + part
            self.outstanding[invoice] -= part


@dataclass
class Coins:
    """Every cent that settles something, as the number of the transaction that brought it; the latest is on top."""

    there: dict[Any, list[int]] = field(default_factory=dict)
    taken: dict[Any, dict[int | None, list[int]]] = field(default_factory=dict)

    def put(self, place: Any, number: int, minor: int, undone: int | None) -> None:
        """What is undone had taken some: those are put back first, and lie where they had lain."""
        back = sorted(self.taken.get(place, {}).pop(undone, []))[:minor]
        self.there[place] = sorted(self.there.get(place, []) + back + [number] * (minor - len(back)))

    def take(self, place: Any, number: int, minor: int, undone: int | None) -> None:
        """From the top; what is undone is laid on top before."""
        coins = sorted(self.there[place], key=lambda coin: (coin == undone, coin))
        kept = len(coins) - minor
        self.there[place] = sorted(coins[:kept])
        self.taken.setdefault(place, {})[number] = coins[kept:]

    def left_of(self, invoice: Any, after: int) -> dict[Any, list[int]]:
        """By payment, the coins that transactions after a certain one took off an invoice."""
        found: dict[Any, list[int]] = {}
        for (payment, of, _), by in self.taken.items():
            if of == invoice:
                coins = [coin for made, some in by.items() if made and made > after for coin in some]
                found.setdefault(payment, []).extend(coins)
        return found

    def left(self, place: Any, number: int) -> int:
        return self.there.get(place, []).count(number)


def _take(parts: dict[int, int], key: int, wanted: int) -> int:
    taken = min(wanted, parts.get(key, 0))
    if taken and (left := parts.pop(key) - taken):
        parts[key] = left
    return taken


def sums(journal: Iterable[Any], account: str, by: str) -> Counter[Any]:
    """What the entries on an account add up to, by one of their members."""
    found: Counter[Any] = Counter()
    for entry in journal:
        if entry.account == account:
            found[getattr(entry, by)] += entry.minor
    return found
