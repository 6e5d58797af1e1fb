"""Ask for a refund above the clinic's limit, which another person has to approve (`ALL-5`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import announce_request
from payments.domain.errors import PaymentUnknown
from payments.domain.refund_request import RefundRequest
from payments.persistence import payments, refund_requests
from payments.use_cases.refund_payment import RefundPayment, RefundTerms
from payments.use_cases.withdraw_credit import WithdrawCredit


async def request_refund(work: Work, wanted: RefundPayment | WithdrawCredit, limit: Money) -> RefundRequest:
    """Enter a request for what could be carried out but for the limit. Nothing is reserved. Raises PaymentUnknown."""
    if isinstance(wanted, WithdrawCredit):
        request = _request(work, wanted.terms, wanted.amount, limit, wanted.patient_id)
        request.treatment_plan_id = wanted.treatment_plan_id
    else:
        payment = (await payments.read(work.connection, [wanted.payment_id])).get(wanted.payment_id)
        if payment is None:
            raise PaymentUnknown(wanted.payment_id)
        left = Money(payment.refundable_minor, payment.amount.currency)
        amount = left if wanted.amount is None else wanted.amount
        request = _request(work, wanted.terms, amount, limit, payment.patient_id, payment.payment_id)
    await refund_requests.add(work.connection, work.clinic_id, request)
    announce_request(work, request)
    return request


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
        requested_by=work.actor,
        requested_at=work.now,
    )
