"""Refund a payment, in full or part, without raising what any invoice asks for (`PAY-4`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.errors import PaymentUnknown, WrongCurrency
from payments.domain.transaction import Method
from payments.persistence import clinics, invoices, payments
from payments.use_cases.booking import book, recall, transaction_about

ReasonCode = Literal["overpayment", "treatment_changed", "complaint", "goodwill", "billing_error", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayment:
    """How much of which payment goes back, and why. `method` is how, where it is not how the payment came."""

    payment_id: UUID
    amount: Money
    reason_code: ReasonCode
    reason: str | None = None
    method: Method | None = None
    method_label: str | None = None


async def refund_payment(work: Work, command: RefundPayment) -> Posted:
    """Refund a payment.

    Raises PaymentUnknown, WrongCurrency, PaymentReversed, AmountNotPositive, RefundExceedsPayment, RefundNeedsReason.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    payment = (await payments.lock(work.connection, [command.payment_id])).get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    if command.amount.currency != payment.amount.currency:
        raise WrongCurrency(payment.amount.currency)
    locked = await invoices.lock(work.connection, payment.allocations)
    overpayment = command.reason_code == "overpayment"
    payment.require_refundable(command.amount, overpayment_only=overpayment)
    await recall(work, clinic, payment, command.amount.minor - payment.held.get(payment.patient_id, 0))
    movement = payment.refund(command.amount, locked, overpayment_only=overpayment)
    about = transaction_about(work, clinic, payment, "refund", command.amount.minor)
    transaction = replace(
        about,
        method=command.method or payment.method,
        method_label=command.method_label if command.method else payment.method_label,
        reason_code=command.reason_code,
        reason=command.reason,
    )
    return await book(work, payment, transaction, movement, locked)
