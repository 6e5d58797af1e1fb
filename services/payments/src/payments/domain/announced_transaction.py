"""A transaction as it was announced, which the books know no more, and whether they can take it again (`ALL-7`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import CreditChange, Movement, Settlement
from payments.domain.payment import Payment, Place
from payments.domain.posting import Posting
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.transaction import ADJUSTMENTS, Transaction, TransferSide

Key = TypeVar("Key")
Refunded = dict[UUID, dict[UUID, RefundAdjustment]]
"""What refunds wanted credited and were answered, by refund and invoice."""


@dataclass(frozen=True, slots=True)
class AnnouncedShare:
    """What an invoice got of a payment or lost, in minor units, and which of the changes of that invoice this was."""

    invoice_id: UUID
    payment_id: UUID
    minor: int
    credited_minor: int
    installment_id: UUID | None
    place: int | None


@dataclass(slots=True)
class Books:
    """What transactions are recorded on, locked: payments with what they settle, invoices, and what refunds wanted.

    `known` are the transactions that are there, each with the other side where it is of a transfer; `undone` those of
    them that another undid, `answered` the refunds that documents answer already.
    """

    payments: dict[UUID, Payment]
    invoices: dict[UUID, InvoiceBalance]
    known: dict[UUID, UUID | None]
    undone: set[UUID]
    refunded: Refunded = field(default_factory=dict)
    answered: Collection[UUID] = ()

    def only(self, payments: Iterable[UUID], invoices: Iterable[UUID]) -> Books:
        """A copy of some, to be tried; those that are not there are left out."""
        return Books(
            {payment: _copy(self.payments[payment]) for payment in payments if payment in self.payments},
            {invoice: replace(self.invoices[invoice]) for invoice in invoices if invoice in self.invoices},
            self.known,
            self.undone,
            self.refunded,
            self.answered,
        )

    def take(self, tried: Books) -> None:
        """Let what was tried be so."""
        self.payments |= tried.payments
        self.invoices |= tried.invoices


@dataclass(frozen=True, slots=True)
class AnnouncedTransaction:
    """A transaction with its whole effect, in minor units, and what is about it.

    `payment` is the payment that it is, as it was recorded; `version` that of the payment that it is about, right after
    it; `other` the other side of a transfer. `credits` is None where it was announced by a release that did not say it,
    and cannot be told from the rest.
    """

    clinic_id: UUID
    transaction: Transaction
    shares: tuple[AnnouncedShare, ...]
    credits: tuple[CreditChange, ...] | None
    money_minor: int = 0
    loss_minor: int = 0
    withheld_minor: int = 0
    interest_minor: int = 0
    payment: Payment | None = None
    version: int = 1
    other: TransferSide | None = None

    @property
    def payment_ids(self) -> set[UUID]:
        """The payments that it changes."""
        changed = {share.payment_id for share in self.shares} | {credit.payment_id for credit in self.credits or ()}
        return changed if self.about is None else changed | {self.about}

    @property
    def about(self) -> UUID | None:
        """The payment that it is, or is about; an insurer's adjustment is about none."""
        return None if self.transaction.kind in ADJUSTMENTS else self.transaction.payment_id

    @property
    def invoice_ids(self) -> set[UUID]:
        """The invoices that it changes."""
        return {share.invoice_id for share in self.shares}

    def record(self, books: Books) -> list[Posting]:
        """Record it as it was, on these books; no posting, and nothing changed, where they cannot take it.

        They cannot where an invoice or a payment is not known, where one would have less than nothing or more than is
        asked for, and where what it undoes is not there.
        """
        undone = self._undone(books)
        tried = books.only(self.payment_ids, self.invoice_ids | undone.keys())
        if self.payment is not None:
            tried.payments[self.payment.payment_id] = _copy(self.payment)
        if not self._belongs_to(tried) or not self._undoes_what_counts(undone, tried):
            return []
        movement = self._move(undone, tried)
        if not _add_up(tried):
            return []
        books.take(tried)
        other = self._other_side(books)
        self._keep(books, other)
        posted = [Posting(self.clinic_id, self.transaction, movement)]
        return posted if other is None else [*posted, Posting(self.clinic_id, other, Movement())]

    def _undone(self, books: Books) -> dict[UUID, RefundAdjustment]:
        """What the refund that it undoes wanted credited, by invoice."""
        undoes = self.transaction.reverses_id
        return books.refunded.get(undoes, {}) if undoes else {}

    def _belongs_to(self, books: Books) -> bool:
        """Whether all that it is about is there, in the same money, and it is not there itself."""
        fact = self.transaction
        return (
            self.credits is not None
            and fact.transaction_id not in books.known
            and (fact.reverses_id is None or self._can_be_undone(fact.reverses_id, books))
            and fact.transaction_id not in books.answered
            and self.payment_ids <= books.payments.keys()
            and self.invoice_ids <= books.invoices.keys()
            and all(invoice.currency == fact.amount.currency for invoice in books.invoices.values())
            and all(payment.amount.currency == fact.amount.currency for payment in books.payments.values())
        )

    @staticmethod
    def _can_be_undone(undoes: UUID, books: Books) -> bool:
        return undoes in books.known and undoes not in books.undone

    def _undoes_what_counts(self, undone: dict[UUID, RefundAdjustment], books: Books) -> bool:
        """Whether a refund that it undoes counts as it did then: else its answer is not heard yet (`PAY-20`)."""
        credited: Counter[UUID] = Counter()
        for share in self.shares:
            credited[share.invoice_id] += share.credited_minor
        return all(
            invoice_id in books.invoices
            and (books.invoices[invoice_id].void or credited[invoice_id] == -adjustment.counted_minor)
            for invoice_id, adjustment in undone.items()
        )

    def _move(self, undone: dict[UUID, RefundAdjustment], books: Books) -> Movement:
        """What it did, done again."""
        for invoice_id, adjustment in undone.items():
            books.invoices[invoice_id].forget(adjustment)
        settlements = tuple(self._settle(share, books) for share in self.shares)
        for change in self.credits or ():
            _add(books.payments[change.payment_id].held, change.patient_id, change.change_minor)
        self._count(books)
        return Movement(
            settlements,
            self.credits or (),
            self.money_minor,
            self.loss_minor,
            self.withheld_minor,
            self.interest_minor,
        )

    def _settle(self, share: AnnouncedShare, books: Books) -> Settlement:
        invoice = books.invoices[share.invoice_id]
        invoice.version = max(invoice.version, (share.place or 0) - 1)
        place: Place = (share.invoice_id, share.installment_id)
        _add(books.payments[share.payment_id].parts, place, share.minor)
        return Settlement.on(invoice, share.payment_id, share.minor, share.credited_minor, share.installment_id)

    def _count(self, books: Books) -> None:
        """Have the payments say what became of them."""
        fact = self.transaction
        for payment_id in self.payment_ids:
            books.payments[payment_id].version += payment_id != fact.transaction_id
        if self.about is None:
            return
        payment = books.payments[self.about]
        payment.version = max(payment.version, self.version)
        if fact.kind in ("refund", "refund_cancellation"):
            payment.refunded_minor -= self.money_minor
        elif fact.kind in ("take_back", "take_back_cancellation"):
            payment.taken_back_minor -= self.money_minor
        elif fact.kind in ("cancellation", "chargeback"):
            payment.status = "cancelled" if fact.kind == "cancellation" else "charged_back"

    def _other_side(self, books: Books) -> TransferSide | None:
        """The taking side of a transfer; of one that takes another back, it undoes that one's giving side."""
        undoes = self.transaction.reverses_id
        if self.other is None or undoes is None:
            return self.other
        return replace(self.other, reverses_id=books.known[undoes])

    def _keep(self, books: Books, other: TransferSide | None) -> None:
        """Have it be known, with what it undid, and of a refund what it wants credited, for what may undo it."""
        fact = self.transaction
        for side in (fact, other):
            if side is not None:
                books.known[side.transaction_id] = side.linked_id
                books.undone |= {side.reverses_id} if side.reverses_id else set()
        if fact.kind == "refund" and self.about is not None:
            books.refunded[fact.transaction_id] = self._wanted(self.about)

    def _wanted(self, payment_id: UUID) -> dict[UUID, RefundAdjustment]:
        fact = self.transaction
        wanted: Counter[UUID] = Counter()
        for share in self.shares:
            wanted[share.invoice_id] += share.credited_minor
        return {
            invoice_id: RefundAdjustment(fact.transaction_id, invoice_id, payment_id, fact.payer.kind, minor)
            for invoice_id, minor in wanted.items()
            if minor
        }


def _copy(payment: Payment) -> Payment:
    return replace(payment, parts=dict(payment.parts), held=dict(payment.held))


def _add(amounts: dict[Key, int], key: Key, minor: int) -> None:
    left = amounts.pop(key, 0) + minor
    if left:
        amounts[key] = left


def _add_up(books: Books) -> bool:
    return all(map(_holds_together, books.payments.values())) and all(map(_asks_enough, books.invoices.values()))


def _holds_together(payment: Payment) -> bool:
    """Whether nothing of it is below zero, and all that is left of it settles something or is credit (`PAY-12`)."""
    there = [*payment.parts.values(), *payment.held.values()]
    return min(there, default=0) >= 0 and sum(there) == payment.left_minor and payment.refunded_minor >= 0


def _asks_enough(invoice: InvoiceBalance) -> bool:
    """Whether it asks for what is settled on it (`INV-9`)."""
    crossing = 0 if invoice.void else invoice.refund_pending_minor + invoice.bad_debt_minor
    figures = (invoice.settled_minor, invoice.refund_adjusted_minor, invoice.refund_pending_minor)
    return min(*figures, invoice.refund_uncredited_minor) >= 0 and invoice.settled_minor <= max(
        0, invoice.asked_minor + crossing
    )
