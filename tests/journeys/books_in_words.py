"""What invoicing, payments and receipts should show together, in the plainest words: a model that shares no code.

Every verb answers whether it is allowed, and if so does it. Amounts are cents. `forced` is what invoicing decided
before it heard of a payment that crossed it: then the surplus is credit (`PAY-11`, `INV-9`).
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Invoice:
    patient: str
    total: int
    notes: int = 0
    credited: int = 0
    over_credited: bool = False
    settled: int = 0
    void: bool = False

    @property
    def room(self) -> int:
        return 0 if self.void else max(0, self.total + self.notes - self.settled)

    def adjust(self, minor: int) -> None:
        """A refund's credit note, or (below zero) its undoing: the money behind it changes with it."""
        self.notes, self.credited = self.notes - minor, self.credited + minor
        self.over_credited |= self.credited > self.total


@dataclass
class Payment:
    patient: str
    amount: int
    settled: dict[str, int] = field(default_factory=dict)
    credit: dict[str, int] = field(default_factory=dict)
    refunded: int = 0
    state: str = "recorded"


@dataclass
class Refund:
    payment: str
    amount: int
    from_credit: int
    from_invoices: list[tuple[str, int]]
    cancelled: bool = False


@dataclass
class Books:
    invoices: dict[str, Invoice] = field(default_factory=dict)
    notes: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)

    def issue(self, made: str, patient: str, total: int) -> bool:
        self.invoices[made] = Invoice(patient, total)
        return True

    def pay(self, made: str, patient: str, amount: int, invoices: list[str], more_allowed: bool) -> bool:
        left, parts = amount, {}
        for one in invoices:
            parts[one] = min(left, self.invoices[one].room)
            left -= parts[one]
        if any(self.invoices[one].void for one in invoices) or (invoices and left and not more_allowed):
            return False
        self.payments[made] = Payment(patient, amount)
        for one, part in parts.items():
            self._settle(made, one, part)
        self._hold(made, patient, left)
        return True

    def refund(self, made: str, payment: str, amount: int, surplus_only: bool) -> bool:
        one = self.payments[payment]
        if one.state != "recorded" or amount > one.amount - one.refunded:
            return False
        if surplus_only and amount > sum(one.credit.values()):
            return False
        one.refunded += amount
        left = amount
        for holder in sorted(one.credit, key=lambda patient: (patient != one.patient, patient)):
            part = min(left, one.credit[holder])
            self._hold(payment, holder, -part)
            left -= part
        self.refunds[made] = Refund(payment, amount, amount - left, [])
        for invoice, settled in reversed(list(one.settled.items())):
            if part := min(left, settled):
                self._settle(payment, invoice, -part)
                self.invoices[invoice].adjust(part)
                self.refunds[made].from_invoices.append((invoice, part))
                left -= part
        return True

    def withdraw(self, made: list[tuple[str, str]], patient: str, amount: int) -> bool:
        """Refunds of the payments that hold the credit, the oldest first; `made` has each refund and its payment."""
        if amount > self.credit_of(patient):
            return False
        ids = {payment: refund for refund, payment in made}
        for payment in sorted(self.payments):
            one = self.payments[payment]
            if part := min(amount, one.credit.get(patient, 0)):
                self._hold(payment, patient, -part)
                one.refunded += part
                self.refunds[ids.pop(payment, f"refund of {payment}")] = Refund(payment, part, part, [])
                amount -= part
        return not ids

    def cancel_many(self, chosen: list[str]) -> bool:
        """All or none (`PAY-7`): the refunds first, then the payments."""
        trial = deepcopy(self)
        refunds, payments = (sorted(set(chosen) & some.keys()) for some in (trial.refunds, trial.payments))
        allowed = all([*map(trial.cancel_refund, refunds), *map(trial.cancel, payments)])
        if allowed:
            self.invoices, self.payments, self.refunds = trial.invoices, trial.payments, trial.refunds
        return allowed

    def cancel_refund(self, refund: str) -> bool:
        undone = self.refunds[refund]
        payment = self.payments[undone.payment]
        if undone.cancelled or payment.state != "recorded":
            return undone.cancelled
        undone.cancelled = True
        payment.refunded -= undone.amount
        self._hold(undone.payment, payment.patient, undone.from_credit)
        for number, part in undone.from_invoices:
            invoice = self.invoices[number]
            if not invoice.void:
                invoice.adjust(-part)
            back = min(part, invoice.room)
            self._settle(undone.payment, number, back)
            self._hold(undone.payment, payment.patient, part - back)
        return True

    def cancel(self, payment: str) -> bool:
        return self._reverse(payment, "cancelled", allowed=not self.payments[payment].refunded)

    def charge_back(self, payment: str) -> bool:
        return self._reverse(payment, "charged_back", allowed=True)

    def apply(self, patient: str, invoice: str | None, amount: int | None) -> bool:
        have = self.credit_of(patient)
        if have == 0 or (amount or 0) > have:
            return False
        wanted = have if amount is None else amount
        named = [invoice] if invoice else [one for one, it in self.invoices.items() if it.patient == patient]
        if invoice and (self.invoices[invoice].void or self.invoices[invoice].patient != patient):
            return False
        if sum(self.invoices[one].room for one in named) < (wanted if invoice and amount is not None else 1):
            return False
        for one in named:
            for payment in sorted(self.payments):
                part = min(wanted, self.payments[payment].credit.get(patient, 0), self.invoices[one].room)
                self._hold(payment, patient, -part)
                self._settle(payment, one, part)
                wanted -= part
        return True

    def transfer(self, giver: str, taker: str, amount: int) -> bool:
        if giver == taker or amount > self.credit_of(giver):
            return False
        for payment in sorted(self.payments):
            part = min(amount, self.payments[payment].credit.get(giver, 0))
            self._hold(payment, giver, -part)
            self._hold(payment, taker, part)
            amount -= part
        return True

    def credit_note(self, made: str, invoice: str, amount: int, forced: bool = False) -> bool:
        one = self.invoices[invoice]
        if (one.void or amount > one.total - one.credited) and not forced:
            return False
        self.notes[made] = (invoice, "credit", amount)
        one.adjust(amount)
        self._release(invoice)
        return True

    def debit_note(self, made: str, invoice: str, amount: int, forced: bool = False) -> bool:
        if self.invoices[invoice].void and not forced:
            return False
        self.notes[made] = (invoice, "debit", amount)
        self.invoices[invoice].notes += amount
        return True

    def undo_note(self, note: str, forced: bool = False) -> bool:
        invoice, side, amount = self.notes[note]
        if side == "undone" or (self.invoices[invoice].void and not forced):
            return False
        self.notes[note] = (invoice, "undone", 0)
        if side == "credit":
            self.invoices[invoice].adjust(-amount)
        else:
            self.invoices[invoice].notes -= amount
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

    def shown(self, patients: list[str]) -> dict[str, Any]:
        """What people see: of each invoice in both services, of each payment, of each patient, and the receipts."""
        receipts = {i: ("payment", p.amount, p.state != "recorded") for i, p in self.payments.items()}
        receipts |= {i: ("refund", r.amount, r.cancelled) for i, r in self.refunds.items()}
        return {
            "invoices": {i: (one.room, one.settled, one.notes, _status(one)) for i, one in self.invoices.items()},
            "payments": {i: (_state(p), _refundable(p), _positive(p.settled)) for i, p in self.payments.items()},
            "credit": {patient: self.credit_of(patient) for patient in patients},
            "receipts": receipts,
        }

    def _reverse(self, payment: str, state: str, *, allowed: bool) -> bool:
        one = self.payments[payment]
        if one.state != "recorded" or not allowed:
            return one.state == state
        for invoice, part in list(one.settled.items()):
            self._settle(payment, invoice, -part)
        one.credit, one.state = {}, state
        return True

    def _release(self, invoice: str) -> None:
        """What is settled beyond what is asked becomes credit of the invoice's patient, the latest payment first."""
        one = self.invoices[invoice]
        for payment in sorted(self.payments, reverse=True):
            surplus = one.settled - (0 if one.void else max(0, one.total + one.notes))
            part = max(0, min(surplus, self.payments[payment].settled.get(invoice, 0)))
            self._settle(payment, invoice, -part)
            self._hold(payment, one.patient, part)

    def _settle(self, payment: str, invoice: str, change: int) -> None:
        if change:
            settled = self.payments[payment].settled
            settled[invoice] = settled.pop(invoice, 0) + change
            self.invoices[invoice].settled += change

    def _hold(self, payment: str, patient: str, change: int) -> None:
        credit = self.payments[payment].credit
        credit[patient] = credit.get(patient, 0) + change


def _status(one: Invoice) -> str:
    if one.void or one.room == 0:
        return "void" if one.void else "paid"
    return "partially_paid" if one.settled else "issued"


def _state(one: Payment) -> str:
    if one.state != "recorded" or not one.refunded:
        return one.state
    return "refunded" if one.refunded == one.amount else "partly_refunded"


def _refundable(one: Payment) -> int:
    return one.amount - one.refunded if one.state == "recorded" else 0


def _positive(parts: dict[str, int]) -> dict[str, int]:
    return {key: minor for key, minor in parts.items() if minor}
