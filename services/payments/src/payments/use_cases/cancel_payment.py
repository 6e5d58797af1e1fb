"""Cancel a payment that was recorded by mistake: its invoices ask again for what it had settled (`PAY-5`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from payments.domain.clinic import Clinic
from payments.domain.errors import PaymentUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.domain.reason_codes import Reason
from payments.domain.refund_request_errors import CancellationNeedsApproval
from payments.persistence import clinics, payments, transactions
from payments.use_cases.compare_with_limit import compare_with_limit
from payments.use_cases.lock_with_credit import lock_with_credit, settle_from_credit
from payments.use_cases.posting import (
    Decision,
    Reversal,
    decision_for,
    lock_holders,
    post,
    recall_transferred_credit,
    transaction_for,
)


@dataclass(frozen=True, slots=True)
class CancelPayment:
    """Which payment was a mistake, and why."""

    payment_id: UUID
    reason: str
    request_id: UUID | None = None
    """The request that a second person approved, where one did (`PAY-15`)."""


async def cancel_payment(work: Work, command: CancelPayment) -> Reversal:
    """Cancel a payment; a second time is the first again.

    Raises PaymentUnknown, PaymentReversed where it was charged back, RefundStanding, and CancellationNeedsApproval
    where it is above the limit and no request was approved.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    found = await lock_with_credit(work, {command.payment_id}, set())
    payment = found.payments.get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    if payment.status == "cancelled":
        return await _as_before(work, command.payment_id)
    payment.standing_refunds = await payments.standing_refunds(work.connection, payment.payment_id)
    payment.require_cancellable()
    if command.request_id is None:
        above = await compare_with_limit(
            work, clinic, [(payment, payment.amount.minor)], refusal=CancellationNeedsApproval
        )
        if above:
            raise above[payment.payment_id]
    await lock_holders(work, found.payments.values())
    decided = decide_cancellation(work, clinic, payment, found.invoices, command.reason, command.request_id)
    posted = (await post(work, decided, [payment], found.invoices))[-1]
    await settle_from_credit(work, found.credit, found.invoices, found.payments, nothing_given=found.nothing_given)
    return Reversal(posted.transaction, posted.movement, first=True)


def decide_cancellation(
    work: Work,
    clinic: Clinic,
    payment: Payment,
    locked: Mapping[UUID, InvoiceBalance],
    reason: str,
    request_id: UUID | None = None,
) -> list[Decision]:
    """The cancellation of a locked payment, after what brings back what others hold of it.

    Raises PaymentReversed, RefundStanding.
    """
    payment.require_cancellable()
    recalled = recall_transferred_credit(work, clinic, payment, Reason("payment_cancelled", reason))
    movement = payment.cancel(locked)
    fact = transaction_for(work, clinic, payment, "cancellation", payment.amount.minor)
    fact = replace(fact, reverses_id=payment.payment_id, reason=reason, request_id=request_id)
    return [*recalled, decision_for(payment, fact, movement)]


async def _as_before(work: Work, payment_id: UUID) -> Reversal:
    transaction = await transactions.reversal_of(work.connection, payment_id)
    if transaction is None:
        raise PaymentUnknown(payment_id)
    movement = await transactions.movement_of(work.connection, work.clinic_id, transaction)
    return Reversal(transaction, movement, first=False)
