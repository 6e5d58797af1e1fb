"""What invoicing, payments and receipts should show together, in the plainest words: a model that shares no code.

What payments are is said by `payments_in_words.py`; here is what else is done with credit (`PAY-3`) and by documents
(notes, their undoing, void). `front_office.py` says what people see of such books, and `explaining.py` which books
explain what came of several verbs at once; it also knows that several at once are cancelled all or none (`PAY-7`).

`forced` is for a void that invoicing decided before it heard of money that crossed it: the surplus is credit then
(`PAY-11`). `unheard` are refunds that it had not heard of when it decided on a document: what that takes off is not
credited again for them (`PAY-20`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from payments_in_words import Payments
from records_in_words import Refund


@dataclass
class Books(Payments):
    notes: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Those that stand: invoice, side and amount."""

    def withdraw(self, made: Iterable[tuple[str, str]], patient: str, amount: int) -> bool:
        """Refunds of the payments that hold the credit (`PAY-3`); `made` has each refund and its payment."""
        if amount > self.credit_of(patient):
            return False
        parts = dict(self._drawn(patient, amount))
        for payment, part in parts.items():
            self.payments[payment].refunded += part
        for refund, payment in made:
            part = parts.get(payment, 0)
            self.refunds[refund] = Refund(payment, part, patient, from_credit=part)
        return True

    def apply(self, patient: str, invoice: str | None, amount: int | None) -> bool:
        """To the invoice named, whoever's it is (`PAY-14`), else to all of the patient's, by number (`PAY-3`).

        All there is, where no amount is said.
        """
        have = self.credit_of(patient)
        wanted = have if amount is None else amount
        due = [invoice] if invoice else [one for one, it in self.invoices.items() if it.patient == patient]
        room = sum(self.invoices[one].room for one in due)
        if not 0 < wanted <= have or room < (wanted if invoice and amount is not None else 1):
            return False
        for one in sorted(due, key=lambda number: self.invoices[number].number):
            for payment, part in self._drawn(patient, min(wanted, self.invoices[one].room)):
                self._settle(payment, one, patient, part)
                wanted -= part
        return True

    def transfer(self, giver: str, taker: str, amount: int) -> bool:
        if giver == taker or amount > self.credit_of(giver):
            return False
        for payment, part in self._drawn(giver, amount):
            self._hold(payment, taker, part)
        return True

    def note(self, made: str, invoice: str, side: str, amount: int, unheard: Iterable[str] = ()) -> bool:
        """Credit notes never exceed invoice and debit notes, with what refunds have credited (`INV-6`, `MON-5`)."""
        one = self.invoices[invoice]
        if one.void or (side == "credit" and amount > one.left + self._credited(invoice, unheard)):
            return False
        self.notes[made] = (invoice, side, amount)
        one.change(**{f"{side}ed": amount})
        self._answer(invoice, unheard)
        return True

    def undo_note(self, note: str, side: str, unheard: Iterable[str] = ()) -> bool:
        if note not in self.notes or self.invoices[self.notes[note][0]].void:
            return False
        invoice, _, amount = self.notes[note]
        one = self.invoices[invoice]
        if side == "debit" and amount > one.left + self._credited(invoice, unheard):
            return False
        del self.notes[note]
        one.change(**{f"{side}ed": -amount})
        self._answer(invoice, unheard)
        return True

    def void(self, invoice: str, forced: bool = False, unheard: Iterable[str] = ()) -> bool:
        one = self.invoices[invoice]
        if one.void or (one.settled and not forced):
            return False
        one.void = True
        self._answer(invoice, unheard)
        return True

    def _credited(self, invoice: str, refunds: Iterable[str]) -> int:
        return sum(self.refunds[refund].credited.get(invoice, 0) for refund in refunds)

    def _answer(self, invoice: str, unheard: Iterable[str]) -> None:
        """Refunds get credited only what a document before them has not taken off; the rest is surplus (`PAY-20`)."""
        one = self.invoices[invoice]
        for refund in unheard:
            credited = self.refunds[refund].credited
            beyond = credited[invoice] if one.void else max(0, one.settled - one.left)
            cut = min(beyond, credited[invoice])
            credited[invoice] -= cut
            one.change(adjusted=-cut)
        self._release(invoice)
        self.settle_again(invoice)

    def _release(self, invoice: str) -> None:
        """What is settled beyond what is asked becomes credit of whoever's it was, the latest payment first."""
        one = self.invoices[invoice]
        for payment in sorted(self.payments, reverse=True):
            part = min(max(0, one.settled - one.asked), self.payments[payment].settled.get(invoice, 0))
            self._set_free(payment, invoice, self._leave(payment, invoice, part))

    def _drawn(self, patient: str, amount: int) -> Iterator[tuple[str, int]]:
        """So much of the patient's credit, taken from the payments that hold it, the oldest first."""
        for payment in sorted(self.payments):
            if part := min(amount, self.payments[payment].credit.get(patient, 0)):
                self._hold(payment, patient, -part)
                amount -= part
                yield payment, part
