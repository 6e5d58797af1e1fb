"""Cancel a refund that was recorded by mistake: the amount is refundable again (`PAY-5`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from payments.domain.allocation_history import Place, Settled, replayed, taken_by
from payments.domain.clinic import Clinic
from payments.domain.errors import RefundUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Adjustments, Payment
from payments.domain.transaction import PaymentTransaction, Transaction
from payments.persistence import clinics, invoices, payments, refund_adjustments, settlements, transactions
from payments.use_cases.posting import Decision, Reversal, decision_for, lock_holders, post, transaction_for


@dataclass(frozen=True, slots=True)
class CancelRefund:
    """Which refund was a mistake, and why."""

    refund_id: UUID
    reason: str


async def cancel_refund(work: Work, command: CancelRefund) -> Reversal:
    """Cancel a refund; a second time is the first again. Raises RefundUnknown, PaymentReversed."""
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    refund = await transactions.find(work.connection, command.refund_id)
    if not isinstance(refund, PaymentTransaction) or refund.kind != "refund":
        raise RefundUnknown(command.refund_id)
    payment = (await payments.lock(work.connection, [refund.payment_id]))[refund.payment_id]
    before = await transactions.reversal_of(work.connection, refund.transaction_id)
    if before is not None:
        movement = await transactions.movement_of(work.connection, work.clinic_id, before)
        return Reversal(before, movement, first=False)
    refunded = await transactions.movement_of(work.connection, work.clinic_id, refund)
    locked = await invoices.lock(work.connection, [taken.invoice_id for taken in refunded.settlements])
    wanted = await refund_adjustments.of_refund(work.connection, refund.transaction_id)
    history = await settlements.history(work.connection, [payment.payment_id], None) if refunded.settlements else []
    there = replayed(history)
    decided = decide_refund_cancellation(
        work, clinic, payment, locked, refund, refunded, wanted, command.reason, there=there
    )
    await lock_holders(work, [payment], {change.patient_id for change in decided.movement.credits})
    (posted,) = await post(work, [decided], [payment], locked)
    return Reversal(posted.transaction, posted.movement, first=True)


def decide_refund_cancellation(
    work: Work,
    clinic: Clinic,
    payment: Payment,
    locked: Mapping[UUID, InvoiceBalance],
    refund: Transaction,
    refunded: Movement,
    wanted: Adjustments,
    reason: str,
    *,
    there: Mapping[Place, Settled],
) -> Decision:
    """The cancellation of a refund of a locked payment, in the account that the refund is in (`PAY-21`).

    `wanted` is what the refund wanted credited, and what was answered; `there` what is settled where, and by whom.
    Raises PaymentReversed.
    """
    taken_of = taken_by(there, payment.payment_id, refund.transaction_id)
    movement = payment.undo_refund(refunded, locked, wanted, taken_of)
    fact = transaction_for(work, clinic, payment, "refund_cancellation", refund.amount.minor)
    transaction = replace(
        fact,
        patient_id=refund.patient_id,
        method=refund.method,
        method_label=refund.method_label,
        reverses_id=refund.transaction_id,
        reason=reason,
    )
    return decision_for(payment, transaction, movement)
