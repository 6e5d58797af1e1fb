"""Payments in the plainest words: paid, refunded, cancelled, charged back, refunds cancelled (`PAY-2` to `PAY-6`).

A model that shares no code with the services. Every verb answers whether it is allowed, and if so does it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from records_in_words import Invoice, Owned, Payment, Refund, off_the_top


@dataclass
class Payments:
    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    """Their ids rise with time."""
    refunds: dict[str, Refund] = field(default_factory=dict)

    def issue(self, made: str, patient: str, total: int, number: str = "", **_lines: int) -> bool:
        self.invoices[made] = Invoice(patient, total, number)
        return True

    def pay(self, made: str, patient: str, amount: int, invoices: list[str], more_allowed: bool) -> bool:
        """On each invoice what it asks for, in turn; what is left is credit, where that is allowed (`PAY-2`)."""
        named = [self.invoices[invoice] for invoice in invoices]
        too_much = named and amount > sum(invoice.room for invoice in named)
        if any(invoice.void for invoice in named) or (too_much and not more_allowed):
            return False
        self.payments[made] = Payment(patient, amount)
        for invoice in invoices:
            part = min(amount, self.invoices[invoice].room)
            self._settle(made, invoice, patient, part)
            amount -= part
        self._hold(made, patient, amount)
        if amount:
            self.payments[made].given = dict.fromkeys(invoices, amount)
            self.payments[made].given_of = {invoice: {patient: amount} for invoice in invoices}
        return True

    def refund(self, made: str, payment: str, amount: int, surplus_only: bool) -> bool:
        """From its own patient's credit, never others' (`PAY-21`); then from invoices, each credited (`PAY-4`)."""
        one = self.payments[payment]
        own = one.credit.get(one.patient, 0)
        left_of_it = own if surplus_only else own + sum(one.settled.values())
        if one.state != "recorded" or amount > left_of_it:
            return False
        one.refunded += amount
        left = amount - min(amount, own)
        self._hold(payment, one.patient, left - amount)
        self.refunds[made] = Refund(payment, amount, one.patient, from_credit=amount - left)
        for invoice, settled in reversed(list(one.settled.items())):
            if part := min(left, settled):
                self.refunds[made].whose[invoice] = self._leave(payment, invoice, part)
                self.invoices[invoice].change(adjusted=part)
                self.refunds[made].from_invoices[invoice] = self.refunds[made].credited[invoice] = part
                left -= part
        return True

    def cancel_refund(self, refund: str) -> bool:
        """What its payment came for is settled again, where that asks for more by now (`PAY-22`)."""
        again = self.came_for(refund)
        allowed = self.cancel_refund_only(refund)
        self.settle_all_again(again if allowed else ())
        return allowed

    def came_for(self, refund: str) -> set[str]:
        """The invoices that a standing refund's payment settled, or was given for."""
        undone = self.refunds[refund]
        payment = self.payments[undone.payment]
        return set() if undone.cancelled else {*payment.settled, *payment.given}

    def cancel_refund_only(self, refund: str) -> bool:
        """It settles again what still asks for it; the rest is credit of whoever's it was; twice is once (`PAY-5`)."""
        undone = self.refunds[refund]
        payment = self.payments[undone.payment]
        if undone.cancelled or payment.state != "recorded":
            return undone.cancelled
        undone.cancelled = True
        payment.refunded -= undone.amount
        self._hold(undone.payment, undone.holder, undone.from_credit)
        for number, part in undone.from_invoices.items():
            invoice = self.invoices[number]
            invoice.change(adjusted=0 if invoice.void else -undone.credited[number])
            whose = list(undone.whose[number])
            self._set_free(undone.payment, number, off_the_top(whose, part - min(part, invoice.room)))
            for turn, patient, some in whose:
                self._settle(undone.payment, number, patient, some, turn)
        return True

    def cancel(self, payment: str) -> bool:
        left = self.settled_by(payment)
        allowed = self.cancel_only(payment)
        self.settle_all_again(left if allowed else ())
        return allowed

    def cancel_only(self, payment: str) -> bool:
        """Without settling again what asks for more, which waits until all that is cancelled with it is."""
        return self._reverse(payment, "cancelled")

    def settled_by(self, payment: str) -> set[str]:
        """The invoices of which it settles something, if it stands."""
        one = self.payments[payment]
        return set(one.settled) if one.state == "recorded" else set()

    def settle_all_again(self, invoices: Collection[str]) -> None:
        """One after the other, by their ids (`PAY-22`)."""
        for invoice in sorted(invoices):
            self.settle_again(invoice)

    def charge_back(self, payment: str) -> bool:
        left = self.settled_by(payment)
        allowed = self._reverse(payment, "charged_back")
        self.settle_all_again(left if allowed else ())
        return allowed

    def credit_of(self, patient: str) -> int:
        return sum(payment.credit.get(patient, 0) for payment in self.payments.values())

    def _reverse(self, payment: str, state: str) -> bool:
        """Off every invoice and out of every credit (`PAY-5`, `PAY-6`); twice is once."""
        one = self.payments[payment]
        if one.state != "recorded" or (state == "cancelled" and one.refunded):
            return one.state == state
        for invoice, part in list(one.settled.items()):
            self._leave(payment, invoice, part)
        one.credit, one.state = {}, state
        return True

    def settle_again(self, invoice: str) -> None:
        """What it asks for is settled by what was given for it, the oldest payment first (`PAY-22`)."""
        asking = self.invoices[invoice]
        for payment, one in sorted(self.payments.items()):
            of = one.given_of.get(invoice, {})
            for holder in sorted(of, key=lambda patient: (patient != asking.patient, patient)):
                part = min(one.given.get(invoice, 0), of[holder], asking.room, one.credit.get(holder, 0))
                if part > 0:
                    self._settle(payment, invoice, holder, part)
                    self._hold(payment, holder, -part)
                    one.given[invoice] -= part
                    of[holder] -= part

    def _settle(self, payment: str, invoice: str, patient: str, part: int, turn: int | None = None) -> None:
        """A patient's money settles it, or again, where it lay before."""
        if not part:
            return
        one = self.payments[payment]
        one.settled[invoice] = one.settled.pop(invoice, 0) + part
        self.invoices[invoice].settled += part
        one.turns[invoice] = one.turns.get(invoice, 0) + (turn is None)
        there = one.whose.setdefault(invoice, [])
        there.append((one.turns[invoice] if turn is None else turn, patient, part))
        there.sort(key=lambda owned: owned[0])

    def _leave(self, payment: str, invoice: str, part: int) -> list[Owned]:
        """What leaves it, and whose that is."""
        if not part:
            return []
        one = self.payments[payment]
        one.settled[invoice] = one.settled.pop(invoice, 0) - part
        self.invoices[invoice].settled -= part
        return off_the_top(one.whose[invoice], part)

    def _set_free(self, payment: str, invoice: str, whose: list[Owned]) -> None:
        """It is credit of whoever's it was, and given for the invoice (`PAY-21`, `PAY-22`)."""
        one = self.payments[payment]
        for _, patient, part in whose:
            self._hold(payment, patient, part)
            one.given[invoice] = one.given.get(invoice, 0) + part
            of = one.given_of.setdefault(invoice, {})
            of[patient] = of.get(patient, 0) + part

    def _hold(self, payment: str, patient: str, change: int) -> None:
        credit = self.payments[payment].credit
        credit[patient] = credit.get(patient, 0) + change
