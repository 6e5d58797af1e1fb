"""Cancel an application or a transfer of credit that was a mistake (`PAY-5`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.domain.cancelled_credit import take_back_application, take_back_transfer
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.settled_by import Change, settled_by
from payments.domain.transaction import Transaction
from payments.domain.why import Why
from payments.persistence.clinics import Clinic
from payments.use_cases.booking import Decided, transfer


def decide_application_cancellation(
    work: Work,
    clinic: Clinic,
    application: Transaction,
    applied: Movement,
    payments: Mapping[UUID, Payment],
    invoices: Mapping[UUID, InvoiceBalance],
    history: Sequence[Change],
    reason: str,
) -> Decided:
    """What an application still settles leaves its invoices, and is credit again; everything is locked.

    Raises RefundStanding, ApplicationUndone.
    """
    movement = take_back_application(application, applied.settlements, payments, invoices, settled_by(history))
    for payment_id in {part.payment_id for part in movement.credits}:
        payments[payment_id].version += 1
    minor = sum(part.change_minor for part in movement.credits)
    fact = _undoing(work, clinic, application, reason)
    return Decided(
        replace(fact, kind="application_cancellation", amount=Money(minor, application.amount.currency)), movement
    )


def decide_transfer_cancellation(
    work: Work,
    clinic: Clinic,
    sides: tuple[Transaction, Transaction],
    transferred: Movement,
    payments: Mapping[UUID, Payment],
    reason: str,
) -> list[Decided]:
    """A transfer back, each side of which undoes its own patient's; `sides` are the giving and the taking one.

    Raises TransferSpent.
    """
    out, into = sides
    movement = take_back_transfer(into, out.patient_id, transferred, payments)
    why = Why("transfer_cancelled", reason)
    back = replace(
        _undoing(work, clinic, into, reason), kind="credit_transfer_out", reason_code=why.code, reason=why.words
    )
    used = [payments[payment_id] for payment_id in sorted({part.payment_id for part in movement.credits})]
    given, taken = transfer(back, out.patient_id, movement, used)
    return [given, replace(taken, transaction=replace(taken.transaction, reverses_id=out.transaction_id))]


def _undoing(work: Work, clinic: Clinic, undone: Transaction, reason: str) -> Transaction:
    """A new transaction of the same patient and amount, by whoever acts, now (`PAY-10`)."""
    return replace(
        undone,
        transaction_id=new_id(),
        reverses_id=undone.transaction_id,
        linked_id=None,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason=reason,
    )
