"""Ask for a refund or a cancellation above the clinic's limit, which another person has to approve (`ALL-5`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_request
from payments.domain.errors import PaymentUnknown
from payments.domain.payment import Payment
from payments.domain.refund_request import RefundRequest
from payments.persistence import payments, refund_requests
from payments.use_cases.cancel_payment import CancelPayment
from payments.use_cases.refund_payment import RefundPayment, RefundTerms
from payments.use_cases.withdraw_credit import WithdrawCredit


async def request_refund(
    work: Work, wanted: RefundPayment | WithdrawCredit | CancelPayment, limit: Money
) -> RefundRequest:
    """Enter a request for what could be carried out but for the limit. Nothing is reserved. Raises PaymentUnknown."""
    if isinstance(wanted, WithdrawCredit):
        request = _request(work, wanted.terms, wanted.amount, limit, wanted.patient_id)
        request.treatment_plan_id = wanted.treatment_plan_id
    elif isinstance(wanted, CancelPayment):
        payment = await _payment(work, wanted.payment_id)
        request = _cancellation(work, wanted, payment, limit)
    else:
        payment = await _payment(work, wanted.payment_id)
        left = Money(payment.refundable_minor, payment.amount.currency)
        amount = left if wanted.amount is None else wanted.amount
        request = _request(work, wanted.terms, amount, limit, payment.patient_id, payment.payment_id)
    await refund_requests.add(work.connection, work.clinic_id, request)
    announce_request(work, request)
    return request


async def _payment(work: Work, payment_id: UUID) -> Payment:
    payment = (await payments.read(work.connection, [payment_id])).get(payment_id)
    if payment is None:
        raise PaymentUnknown(payment_id)
    return payment


def _cancellation(work: Work, wanted: CancelPayment, payment: Payment, limit: Money) -> RefundRequest:
    return RefundRequest(
        request_id=new_id(),
        patient_id=payment.patient_id,
        kind="cancellation",
        payment_id=payment.payment_id,
        treatment_plan_id=None,
        amount=payment.amount,
        limit=limit,
        reason_code=None,
        reason=wanted.reason,
        method=None,
        method_label=None,
        requested_by=work.actor,
        requested_at=work.now,
    )


def _request(
    work: Work, terms: RefundTerms, amount: Money, limit: Money, patient_id: UUID, payment_id: UUID | None = None
) -> RefundRequest:
    return RefundRequest(
        request_id=new_id(),
        patient_id=patient_id,
        kind="refund" if payment_id else "withdrawal",
        payment_id=payment_id,
        treatment_plan_id=None,
        amount=amount,
        limit=limit,
        reason_code=terms.reason_code,
        reason=terms.reason,
        method=terms.method,
        method_label=terms.method_label,
        named=terms.named,
        requested_by=work.actor,
        requested_at=work.now,
    )
