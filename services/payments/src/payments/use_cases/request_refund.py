"""Ask for a refund or a cancellation above the clinic's limit, which another person has to approve (`ALL-5`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_request
from payments.domain.errors import PaymentUnknown
from payments.domain.payment import Payment
from payments.domain.refund_request import CancellationRequest, PaymentRefundRequest, RefundRequest, WithdrawalRequest
from payments.persistence import payments, refund_requests
from payments.use_cases.cancel_payment import CancelPayment
from payments.use_cases.refund_payment import RefundPayment, RefundTerms
from payments.use_cases.withdraw_credit import WithdrawCredit


async def request_refund(
    work: Work, wanted: RefundPayment | WithdrawCredit | CancelPayment, limit: Money
) -> RefundRequest:
    """Enter a request for what could be carried out but for the limit. Nothing is reserved. Raises PaymentUnknown."""
    request = await _request(work, wanted, limit)
    await refund_requests.add(work.connection, work.clinic_id, request)
    announce_request(work, request)
    return request


async def _request(work: Work, wanted: RefundPayment | WithdrawCredit | CancelPayment, limit: Money) -> RefundRequest:
    shared: dict[str, Any] = {
        "request_id": new_id(),
        "limit": limit,
        "requested_by": work.actor,
        "requested_at": work.now,
    }
    if isinstance(wanted, WithdrawCredit):
        return WithdrawalRequest(
            **shared | _terms(wanted.terms),
            patient_id=wanted.patient_id,
            amount=wanted.amount,
            treatment_plan_id=wanted.treatment_plan_id,
        )
    payment = await _payment(work, wanted.payment_id)
    shared |= {"patient_id": payment.patient_id, "payment_id": payment.payment_id}
    if isinstance(wanted, CancelPayment):
        return CancellationRequest(**shared, amount=payment.amount, reason=wanted.reason)
    left = Money(payment.refundable_minor, payment.amount.currency)
    amount = left if wanted.amount is None else wanted.amount
    return PaymentRefundRequest(**shared | _terms(wanted.terms), amount=amount, named=wanted.terms.named)


def _terms(terms: RefundTerms) -> dict[str, Any]:
    return {name: getattr(terms, name) for name in ("reason_code", "reason", "method", "method_label")}


async def _payment(work: Work, payment_id: UUID) -> Payment:
    payment = (await payments.read(work.connection, [payment_id])).get(payment_id)
    if payment is None:
        raise PaymentUnknown(payment_id)
    return payment
