"""Cancel a payment that was recorded by mistake: its invoices ask again for what it had settled (`PAY-5`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from payments.domain.errors import PaymentUnknown
from payments.persistence import clinics, invoices, payments, transactions
from payments.use_cases.booking import Reversal, book, recall, transaction_about


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Which payment was a mistake, and why."""

    payment_id: UUID
    reason: str


async def cancel_payment(work: Work, command: CancelPayment) -> Reversal:
    """Cancel a payment; a second time is the first again.

    Raises PaymentUnknown, PaymentReversed where it was charged back, RefundStanding.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    payment = (await payments.lock(work.connection, [command.payment_id])).get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    if payment.status == "cancelled":
        return await _as_before(work, command.payment_id)
    payment.standing_refunds = await payments.standing_refunds(work.connection, payment.payment_id)
    payment.require_cancellable()
    locked = await invoices.lock(work.connection, payment.allocations)
    await recall(work, clinic, payment, payment.unallocated_minor)
    movement = payment.cancel(locked)
    about = transaction_about(work, clinic, payment, "cancellation", payment.amount.minor)
    transaction = replace(about, reverses_id=payment.payment_id, reason=command.reason)
    posted = await book(work, payment, transaction, movement, locked)
    return Reversal(posted.transaction, posted.movement, first=True)


async def _as_before(work: Work, payment_id: UUID) -> Reversal:
    transaction = await transactions.reversal_of(work.connection, payment_id)
    if transaction is None:
        raise PaymentUnknown(payment_id)
    movement = await transactions.movement_of(work.connection, work.clinic_id, transaction)
    return Reversal(transaction, movement, first=False)
