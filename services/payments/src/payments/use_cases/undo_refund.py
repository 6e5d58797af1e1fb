"""Put back what a refund took of its payment, as far as there is room for it (`PAY-5`, `PAY-21`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from chassis.database import Work

from payments.domain.allocation_history import Place, Settled, taken_by
from payments.domain.clinic import Clinic
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Adjustments, Payment
from payments.domain.transaction import Transaction
from payments.use_cases.posting import Decision, decision_for, transaction_for


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
