"""Cancel a take-back that was recorded by mistake: its payment is where it was before it (`PAY-5`, `INS-9`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from chassis.database import Work

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.transaction import Transaction
from payments.persistence.clinics import Clinic
from payments.use_cases.booking import Decided, about, transaction_about


def decide_take_back_cancellation(
    work: Work,
    clinic: Clinic,
    payment: Payment,
    locked: Mapping[UUID, InvoiceBalance],
    take_back: Transaction,
    taken: Movement,
    reason: str,
) -> Decided:
    """The cancellation of a take-back of a locked payment; what it took is locked too. Raises PaymentReversed."""
    movement = payment.undo_take_back(taken, locked)
    fact = transaction_about(work, clinic, payment, "take_back_cancellation", take_back.amount.minor)
    transaction = replace(
        fact,
        method=take_back.method,
        method_label=take_back.method_label,
        reverses_id=take_back.transaction_id,
        reason=reason,
    )
    return about(payment, transaction, movement)
