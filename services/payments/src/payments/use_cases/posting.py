"""The end of every verb: what was decided is written down with its effect, in one statement, and announced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import Posted, PostedOnPayment, announce_transaction
from payments.domain.clinic import Clinic
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.posting import Held, Holder, Posting
from payments.domain.reason_codes import Consequence, Reason
from payments.domain.transaction import Kind, Payer, PaymentTransaction, Transaction, TransferSide
from payments.persistence import ledger


@dataclass(frozen=True, slots=True)
class Decision:
    """A transaction that was decided and is not posted yet."""

    transaction: Transaction
    movement: Movement

    @property
    def payment(self) -> Payment | None:
        """The payment that it is about, as it is right after it, where it is about one."""
        return None


@dataclass(frozen=True, slots=True)
class DecisionOnPayment(Decision):
    """A decision about one payment."""

    payment: Payment = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Reversal:
    """A transaction that undid another; `first` is false where it had been undone before, and this is that time's."""

    transaction: Transaction
    movement: Movement
    first: bool


def transaction_for(work: Work, clinic: Clinic, payment: Payment, kind: Kind, amount_minor: int) -> PaymentTransaction:
    """A new transaction about a payment, by whoever acts, now, on the clinic's calendar day (`PAY-10`)."""
    return PaymentTransaction(
        transaction_id=new_id(),
        kind=kind,
        patient_id=payment.patient_id,
        amount=Money(amount_minor, payment.amount.currency),
        method=payment.method,
        method_label=payment.method_label,
        payer=payment.payer,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        payment_id=payment.payment_id,
        group_id=payment.group_id,
    )


def decision_for(payment: Payment, transaction: Transaction, movement: Movement) -> DecisionOnPayment:
    """A transaction about one payment, which has a further version by it."""
    if transaction.kind != "payment":
        payment.version += 1
    return DecisionOnPayment(transaction, movement, payment=replace(payment))


def giving_side(
    work: Work,
    clinic: Clinic,
    giver: UUID,
    amount: Money,
    *,
    reason: str | None,
    reason_code: Consequence | None = None,
    payment: Payment | None = None,
) -> TransferSide:
    """The giving side of a new transfer of credit: a patient's own, else what a patient holds of this payment."""
    return TransferSide(
        transaction_id=new_id(),
        linked_id=new_id(),
        kind="credit_transfer_out",
        patient_id=giver,
        amount=amount,
        method=payment.method if payment else "other",
        method_label=payment.method_label if payment else "patient credit",
        payer=payment.payer if payment else Payer(),
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason_code=reason_code,
        reason=reason,
    )


def transfer(out: TransferSide, to_patient: UUID, movement: Movement, payments: Sequence[Payment]) -> list[Decision]:
    """Both sides of a transfer of credit, linked (`PAY-3`).

    The posting with both entries is the giving side's, so that it balances by itself.
    """
    into = replace(
        out,
        transaction_id=out.linked_id,
        kind="credit_transfer_in",
        patient_id=to_patient,
        linked_id=out.transaction_id,
    )
    for payment in payments:
        payment.version += 1
    return [Decision(out, movement), Decision(into, Movement())]


def recall_transferred_credit(work: Work, clinic: Clinic, payment: Payment, reason: Reason) -> list[Decision]:
    """Bring back what other patients hold of a payment, as transfers, before it is reversed."""
    decided: list[Decision] = []
    for holder, minor in sorted(payment.held.items()):
        if holder != payment.patient_id:
            movement = Movement(credits=payment.hand_over(holder, payment.patient_id, minor))
            amount = Money(minor, payment.amount.currency)
            out = giving_side(
                work, clinic, holder, amount, reason=reason.text, reason_code=reason.code, payment=payment
            )
            decided += transfer(out, payment.patient_id, movement, [payment])
    return decided


async def lock_holders(work: Work, payments: Iterable[Payment], others: Iterable[UUID] = ()) -> None:
    """Lock the credit of everybody who holds some of these payments, or will, in order, where it is more than one's.

    Those whose money their allocations are may hold it next, where that was read.
    """
    patients = set(others)
    for payment in payments:
        patients |= {*payment.held, *payment.same.values(), payment.patient_id}
        patients |= payment.owners.patients if payment.owners else set()
    if len(patients) > 1:
        await ledger.lock_credit(work.connection, work.clinic_id, patients)


async def post(
    work: Work,
    decided: Sequence[Decision],
    payments: Iterable[Payment],
    invoices: Mapping[UUID, InvoiceBalance],
    *,
    clinic_id: UUID | None = None,
) -> list[Posted]:
    """Write transactions down with the locked payments and invoices that they changed, and announce them in order.

    `clinic_id` says whose they are where an event brings them, in a transaction of several clinics.
    """
    touched = {part.invoice_id for decision in decided for part in decision.movement.settlements}
    postings = [Posting(clinic_id or work.clinic_id, decision.transaction, decision.movement) for decision in decided]
    balances = await ledger.post(
        work.connection, postings, payments, [invoices[invoice_id] for invoice_id in sorted(touched)]
    )
    about = {
        decision.transaction.transaction_id: decision.payment
        for decision in decided
        if isinstance(decision, DecisionOnPayment)
    }
    posted = with_balances(postings, balances, about)
    for transaction in posted:
        announce_transaction(work, transaction)
    return posted


async def post_one(
    work: Work, payment: Payment, transaction: Transaction, movement: Movement, invoices: Mapping[UUID, InvoiceBalance]
) -> Posted:
    """Write down one transaction about one payment, and announce it."""
    (posted,) = await post(work, [decision_for(payment, transaction, movement)], [payment], invoices)
    return posted


def _records(posting: Posting, movement: Movement, balances: Mapping[Holder, Held]) -> set[UUID]:
    """Under which records a transaction changed its patient's credit (`ALL-10`); a transfer's side is of one."""
    fact = posting.transaction
    if isinstance(fact, TransferSide):
        return {fact.patient_id}
    person = balances[posting.clinic_id, fact.patient_id].person
    of_credit = {part.patient_id for part in movement.credits}
    return {patient_id for patient_id in of_credit if balances[posting.clinic_id, patient_id].person == person}


def with_balances(
    postings: Sequence[Posting], balances: Mapping[Holder, Held], about: Mapping[UUID, Payment]
) -> list[Posted]:
    """Each with its patient's credit right after it: what it is in the end, less what the later ones changed."""
    left: dict[Holder, int] = {(clinic_id, held.person): held.minor for (clinic_id, _), held in balances.items()}
    posted: list[Posted] = []
    movements = {posting.posting_id: posting.movement for posting in postings}
    for posting in reversed(postings):
        fact = posting.transaction
        movement = movements[fact.posting_id]
        holder = (posting.clinic_id, balances[posting.clinic_id, fact.patient_id].person)
        change = movement.credit_change_of(*_records(posting, movement, balances))
        shared = (posting.clinic_id, fact, movement, change, left[holder])
        payment = about.get(posting.posting_id)
        posted.append(Posted(*shared) if payment is None else PostedOnPayment(*shared, payment=payment))
        left[holder] -= change
    return posted[::-1]
