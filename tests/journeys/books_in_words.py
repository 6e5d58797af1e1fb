"""What invoicing, payments and receipts should show together, in the plainest words: a model that shares no code.

Every verb answers whether it is allowed, and if so does it. Amounts are cents.

The rules of money are about 100 lines of code: `Invoice`, and of `Books` to issue, pay, refund, cancel, cancel a refund
and charge back, with the four steps that these are made of. About 60 more say what else is done with credit (withdraw,
apply, transfer) and by documents (notes, their undoing, void). The rest are the records that they keep. Beside them,
`front_office.py` says what people see of such books, and `explaining.py` which books explain what came of several verbs
at once; it also knows that several at once are cancelled all or none (`PAY-7`).

`forced` is for what invoicing decided before it heard of money that crossed it. That can excuse a void with money on it
and a credit note beside a refund's, and nothing else: the surplus is credit then (`PAY-11`, `INV-9`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass
class Invoice:
    patient: str
    total: int
    number: str = ""
    debited: int = 0
    credited: int = 0
    """By credit notes of its own, apart from what refunds have credited (`PAY-4`)."""
    adjusted: int = 0
    over_credited: bool = False
    settled: int = 0
    void: bool = False

    @property
    def asked(self) -> int:
        return 0 if self.void else max(0, self.total + self.debited - self.credited - self.adjusted)

    @property
    def room(self) -> int:
        return max(0, self.asked - self.settled)

    def change(self, debited: int = 0, credited: int = 0, adjusted: int = 0) -> None:
        self.debited += debited
        self.credited += credited
        self.adjusted += adjusted
        self.over_credited |= self.credited + self.adjusted > self.total


@dataclass
class Payment:
    patient: str
    amount: int
    settled: dict[str, int] = field(default_factory=dict)
    """By invoice, the one settled last at the end."""
    credit: dict[str, int] = field(default_factory=dict)
    """What is left as credit, by the patient who has it."""
    refunded: int = 0
    state: str = "recorded"


@dataclass
class Refund:
    payment: str
    amount: int
    from_credit: int
    from_invoices: dict[str, int] = field(default_factory=dict)
    cancelled: bool = False


@dataclass
class Books:
    invoices: dict[str, Invoice] = field(default_factory=dict)
    notes: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Those that stand: invoice, side and amount."""
    payments: dict[str, Payment] = field(default_factory=dict)
    """Their ids rise with time."""
    refunds: dict[str, Refund] = field(default_factory=dict)

    def issue(self, made: str, patient: str, total: int, number: str = "", **_lines: int) -> bool:
        self.invoices[made] = Invoice(patient, total, number)
        return True

    def pay(self, made: str, patient: str, amount: int, invoices: list[str], more_allowed: bool) -> bool:
        """On each invoice what it asks for, in turn; what is left is credit, where that is allowed (`PAY-2`)."""
        named = [self.invoices[one] for one in invoices]
        too_much = named and amount > sum(one.room for one in named)
        if any(one.void for one in named) or (too_much and not more_allowed):
            return False
        self.payments[made] = Payment(patient, amount)
        for one in invoices:
            part = min(amount, self.invoices[one].room)
            self._settle(made, one, part)
            amount -= part
        self._hold(made, patient, amount)
        return True

    def refund(self, made: str, payment: str, amount: int, surplus_only: bool) -> bool:
        """From credit first, the payer's own before others'; then from invoices, each credited as much (`PAY-4`)."""
        one = self.payments[payment]
        left_of_it = sum(one.credit.values()) if surplus_only else one.amount - one.refunded
        if one.state != "recorded" or amount > left_of_it:
            return False
        one.refunded += amount
        left = amount
        for holder in sorted(one.credit, key=lambda patient: (patient != one.patient, patient)):
            part = min(left, one.credit[holder])
            self._hold(payment, holder, -part)
            left -= part
        self.refunds[made] = Refund(payment, amount, from_credit=amount - left)
        for invoice, settled in reversed(list(one.settled.items())):
            if part := min(left, settled):
                self._settle(payment, invoice, -part)
                self.invoices[invoice].change(adjusted=part)
                self.refunds[made].from_invoices[invoice] = part
                left -= part
        return True

    def withdraw(self, made: Iterable[tuple[str, str]], patient: str, amount: int) -> bool:
        """Refunds of the payments that hold the credit (`PAY-3`); `made` has each refund and its payment."""
        if amount > self.credit_of(patient):
            return False
        parts = dict(self._drawn(patient, amount))
        for payment, part in parts.items():
            self.payments[payment].refunded += part
        for refund, payment in made:
            part = parts.get(payment, 0)
            self.refunds[refund] = Refund(payment, part, from_credit=part)
        return True

    def cancel_refund(self, refund: str) -> bool:
        """It settles again what still asks for it, and the rest is the payer's credit; twice is once (`PAY-5`)."""
        undone = self.refunds[refund]
        payment = self.payments[undone.payment]
        if undone.cancelled or payment.state != "recorded":
            return undone.cancelled
        undone.cancelled = True
        payment.refunded -= undone.amount
        self._hold(undone.payment, payment.patient, undone.from_credit)
        for number, part in undone.from_invoices.items():
            invoice = self.invoices[number]
            invoice.change(adjusted=0 if invoice.void else -part)
            back = min(part, invoice.room)
            self._settle(undone.payment, number, back)
            self._hold(undone.payment, payment.patient, part - back)
        return True

    def cancel(self, payment: str) -> bool:
        return self._reverse(payment, "cancelled")

    def charge_back(self, payment: str) -> bool:
        return self._reverse(payment, "charged_back")

    def apply(self, patient: str, invoice: str | None, amount: int | None) -> bool:
        """To the invoice named, else to all of the patient's, by number; all there is by default (`PAY-3`)."""
        have = self.credit_of(patient)
        wanted = have if amount is None else amount
        own = [one for one, it in self.invoices.items() if it.patient == patient and invoice in (None, one)]
        room = sum(self.invoices[one].room for one in own)
        if not 0 < wanted <= have or room < (wanted if invoice and amount is not None else 1):
            return False
        for one in sorted(own, key=lambda due: self.invoices[due].number):
            for payment, part in self._drawn(patient, min(wanted, self.invoices[one].room)):
                self._settle(payment, one, part)
                wanted -= part
        return True

    def transfer(self, giver: str, taker: str, amount: int) -> bool:
        if giver == taker or amount > self.credit_of(giver):
            return False
        for payment, part in self._drawn(giver, amount):
            self._hold(payment, taker, part)
        return True

    def note(self, made: str, invoice: str, side: str, amount: int, forced: bool = False) -> bool:
        """Credit notes never exceed the invoice, with what refunds have credited of it (`INV-6`, `MON-5`)."""
        one = self.invoices[invoice]
        left = one.total - one.credited - (0 if forced else one.adjusted)
        if one.void or (side == "credit" and amount > left):
            return False
        self.notes[made] = (invoice, side, amount)
        one.change(**{f"{side}ed": amount})
        self._release(invoice)
        return True

    def undo_note(self, note: str, side: str) -> bool:
        if note not in self.notes or self.invoices[self.notes[note][0]].void:
            return False
        invoice, _, amount = self.notes.pop(note)
        self.invoices[invoice].change(**{f"{side}ed": -amount})
        self._release(invoice)
        return True

    def void(self, invoice: str, forced: bool = False) -> bool:
        one = self.invoices[invoice]
        if one.void or (one.settled and not forced):
            return False
        one.void = True
        self._release(invoice)
        return True

    def credit_of(self, patient: str) -> int:
        return sum(one.credit.get(patient, 0) for one in self.payments.values())

    def _reverse(self, payment: str, state: str) -> bool:
        """Off every invoice and out of every credit (`PAY-5`, `PAY-6`); twice is once."""
        one = self.payments[payment]
        if one.state != "recorded" or (state == "cancelled" and one.refunded):
            return one.state == state
        for invoice, part in list(one.settled.items()):
            self._settle(payment, invoice, -part)
        one.credit, one.state = {}, state
        return True

    def _release(self, invoice: str) -> None:
        """What is settled beyond what is asked becomes credit of the invoice's patient, the latest payment first."""
        one = self.invoices[invoice]
        for payment in sorted(self.payments, reverse=True):
            part = min(max(0, one.settled - one.asked), self.payments[payment].settled.get(invoice, 0))
            self._settle(payment, invoice, -part)
            self._hold(payment, one.patient, part)

    def _drawn(self, patient: str, amount: int) -> Iterator[tuple[str, int]]:
        """So much of the patient's credit, taken from the payments that hold it, the oldest first."""
        for payment in sorted(self.payments):
            if part := min(amount, self.payments[payment].credit.get(patient, 0)):
                self._hold(payment, patient, -part)
                amount -= part
                yield payment, part

    def _settle(self, payment: str, invoice: str, change: int) -> None:
        if change:
            settled = self.payments[payment].settled
            settled[invoice] = settled.pop(invoice, 0) + change
            self.invoices[invoice].settled += change

    def _hold(self, payment: str, patient: str, change: int) -> None:
        credit = self.payments[payment].credit
        credit[patient] = credit.get(patient, 0) + change
