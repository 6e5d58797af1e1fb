"""Record that the bank took a payment back: a bounced check, a disputed card (`PAY-6`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.database import Work

from payments.domain.errors import PaymentUnknown
from payments.domain.reason_codes import Reason
from payments.persistence import clinics, transactions
from payments.use_cases.lock_with_credit import lock_with_credit, settle_from_credit
from payments.use_cases.posting import (
    Reversal,
    decision_for,
    lock_holders,
    post,
    recall_transferred_credit,
    transaction_for,
)


@dataclass(frozen=True, slots=True)
class ChargeBackPayment:
    """Which payment the bank took back, and what it said."""

    payment_id: UUID
    reason: str
    external_reference: str | None = None


async def charge_back_payment(work: Work, command: ChargeBackPayment) -> Reversal:
    """Record a chargeback; a second time is the first again.

    Raises PaymentUnknown, PaymentReversed, CashChargedBack.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    found = await lock_with_credit(work, {command.payment_id}, set())
    payment = found.payments.get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    if payment.status == "charged_back":
        before = await transactions.reversal_of(work.connection, payment.payment_id)
        if before is not None:
            movement = await transactions.movement_of(work.connection, work.clinic_id, before)
            return Reversal(before, movement, first=False)
    payment.require_taken_back()
    await lock_holders(work, found.payments.values())
    reason = Reason("payment_charged_back", command.reason)
    recalled = recall_transferred_credit(work, clinic, payment, reason)
    movement = payment.charge_back(found.invoices)
    transaction = replace(
        transaction_for(work, clinic, payment, "chargeback", payment.amount.minor),
        reverses_id=payment.payment_id,
        reason=command.reason,
        external_reference=command.external_reference,
    )
    decided = [*recalled, decision_for(payment, transaction, movement)]
    posted = (await post(work, decided, [payment], found.invoices))[-1]
    await settle_from_credit(work, found.credit, found.invoices, found.payments, nothing_given=found.nothing_given)
    return Reversal(posted.transaction, posted.movement, first=True)
