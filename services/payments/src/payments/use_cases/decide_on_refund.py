"""Decide on a requested refund: another person approves or rejects it, or the requester withdraws it (`ALL-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from payments.announcements import Posted, announce_request
from payments.domain.errors import PaymentReversed, RefundRequestUnknown
from payments.domain.refund_request import (
    AnyRequest,
    CancellationRequest,
    PaymentRefundRequest,
    ReasonCode,
    RefundRequest,
    WithdrawalRequest,
)
from payments.domain.transaction import Transaction
from payments.persistence import refund_requests
from payments.use_cases.cancel_payment import CancelPayment, cancel_payment
from payments.use_cases.refund_payment import RefundPayment, RefundTerms, refund_payment
from payments.use_cases.withdraw_credit import WithdrawCredit, withdraw_credit


@dataclass(frozen=True, slots=True)
class ApproveRefund:
    """Which request another person approves."""

    request_id: UUID


@dataclass(frozen=True, slots=True)
class RejectRefund:
    """Which request another person rejects, and why."""

    request_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class RetractRefund:
    """Which request of their own somebody withdraws, and why."""

    request_id: UUID
    reason: str


async def decide_on_refund(work: Work, command: ApproveRefund | RejectRefund | RetractRefund) -> RefundRequest:
    """Decide; an approval carries the refund out at once, decided anew under its locks. Approving twice is once.

    Raises RefundRequestUnknown, RefundRequestDecided, SecondPersonNeeded, NotTheRequester, and whatever refuses the
    refund by now: the request then stays as it is.
    """
    request = await refund_requests.lock(work.connection, command.request_id)
    if request is None:
        raise RefundRequestUnknown(command.request_id)
    if isinstance(command, ApproveRefund):
        if request.state == "completed" and request.decided_by == work.actor:
            return request
        request.complete(work.actor, work.now)
        request.transaction_ids = tuple(transaction.transaction_id for transaction in await _carried_out(work, request))
    elif isinstance(command, RejectRefund):
        request.reject(work.actor, work.now, command.reason)
    else:
        request.withdraw(work.actor, work.now, command.reason)
    await refund_requests.save(work.connection, request)
    announce_request(work, request)
    return request


async def _carried_out(work: Work, request: AnyRequest) -> list[Transaction]:
    if isinstance(request, CancellationRequest):
        return [await _cancelled(work, request)]
    if isinstance(request, PaymentRefundRequest):
        terms = _terms(request, request.reason_code)
        command = RefundPayment(payment_id=request.payment_id, amount=request.amount, terms=terms)
        return [(await refund_payment(work, command)).transaction]
    return [posted.transaction for posted in await _withdrawn(work, request)]


async def _cancelled(work: Work, request: CancellationRequest) -> Transaction:
    """The cancellation of the payment, which somebody may have cancelled meanwhile. Raises PaymentReversed."""
    done = await cancel_payment(work, CancelPayment(request.payment_id, request.reason, request.request_id))
    if not done.first:
        raise PaymentReversed(request.payment_id, "cancelled")
    return done.transaction


async def _withdrawn(work: Work, request: WithdrawalRequest) -> list[Posted]:
    return await withdraw_credit(
        work,
        WithdrawCredit(
            patient_id=request.patient_id,
            amount=request.amount,
            terms=_terms(request, request.reason_code),
            treatment_plan_id=request.treatment_plan_id,
        ),
    )


def _terms(request: RefundRequest, reason_code: ReasonCode) -> RefundTerms:
    return RefundTerms(
        reason_code=reason_code,
        reason=request.reason,
        method=request.method,
        method_label=request.method_label,
        request_id=request.request_id,
        named=request.named,
    )
