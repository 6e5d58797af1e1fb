"""The end of every verb: the transaction is written down with its effect, and announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import Posted, announce_transaction
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.transaction import Kind, Transaction
from payments.persistence import ledger
from payments.persistence.clinics import Clinic
from payments.persistence.ledger import Posting


@dataclass(frozen=True, slots=True)
class Reversal:
    """A transaction that undid another; `first` is false where it had been undone before, and this is that time's."""

    transaction: Transaction
    movement: Movement
    first: bool


def transaction_about(work: Work, clinic: Clinic, payment: Payment, kind: Kind, amount_minor: int) -> Transaction:
    """A new transaction about a payment, by whoever acts, now, on the clinic's calendar day (`PAY-10`)."""
    return Transaction(
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
    )


async def book(
    work: Work, payment: Payment, transaction: Transaction, movement: Movement, invoices: Mapping[UUID, InvoiceBalance]
) -> Posted:
    """Write down a transaction about one payment, and announce it."""
    if transaction.kind != "payment":
        payment.version += 1
    touched = [invoices[settlement.invoice_id] for settlement in movement.settlements]
    posting = Posting(work.clinic_id, transaction, movement)
    balances = await ledger.post(work.connection, [posting], [payment], touched)
    patient_id = transaction.patient_id
    change = movement.credit_change_of(patient_id)
    posted = Posted(work.clinic_id, transaction, movement, change, balances[patient_id], payment)
    announce_transaction(work, posted)
    return posted


async def book_transfer(
    work: Work, out: Transaction, to_patient: UUID, movement: Movement, payments: Sequence[Payment]
) -> tuple[Posted, Posted]:
    """Write down both sides of a transfer of credit, linked, and announce them (`PAY-3`).

    The posting with both entries is the giving side's, so that it balances by itself.
    """
    into = replace(
        out, transaction_id=new_id(), kind="credit_transfer_in", patient_id=to_patient, linked_id=out.transaction_id
    )
    for payment in payments:
        payment.version += 1
    out = replace(out, linked_id=into.transaction_id)
    postings = [Posting(work.clinic_id, out, movement), Posting(work.clinic_id, into, Movement())]
    balances = await ledger.post(work.connection, postings, payments, [])
    sides = []
    for side in (out, into):
        change = movement.credit_change_of(side.patient_id)
        sides.append(Posted(work.clinic_id, side, movement, change, balances[side.patient_id]))
        announce_transaction(work, sides[-1])
    return sides[0], sides[1]


async def recall(work: Work, clinic: Clinic, payment: Payment, wanted_minor: int) -> None:
    """Bring back what other patients hold of a payment, as transfers, before it is refunded or reversed."""
    others = payment.held.keys() - {payment.patient_id}
    if wanted_minor <= 0 or not others:
        return
    await ledger.lock_credit(work.connection, work.clinic_id, others | {payment.patient_id})
    for holder in sorted(others):
        minor = min(wanted_minor, payment.held[holder])
        if minor:
            wanted_minor -= minor
            movement = Movement(credits=payment.hand_over(holder, payment.patient_id, minor))
            out = transaction_about(work, clinic, payment, "credit_transfer_out", minor)
            await book_transfer(
                work, replace(out, patient_id=holder, payment_id=None), payment.patient_id, movement, [payment]
            )
