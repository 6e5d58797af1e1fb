"""Decide on a requested refund: another person approves or rejects it, or the requester withdraws it (`ALL-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.database import Work

from payments.announcements import Posted, announce_request
from payments.domain.errors import PaymentReversed, RefundRequestUnknown
from payments.domain.refund_request import ReasonCode, RefundRequest
from payments.domain.transaction import Transaction
from payments.persistence import refund_requests
from payments.use_cases.cancel_payment import CancelPayment, cancel_payment
from payments.use_cases.refund_payment import RefundPayment, RefundTerms, refund_payment
from payments.use_cases.withdraw_credit import WithdrawCredit, withdraw_credit

Verdict = Literal["approve", "reject", "withdraw"]


@dataclass(frozen=True, slots=True)
class DecideOnRefund:
    """What is decided on which request, and why."""

    request_id: UUID
    verdict: Verdict
    reason: str | None = None


async def decide_on_refund(work: Work, command: DecideOnRefund) -> RefundRequest:
    """Decide; an approval carries the refund out at once, decided anew under its locks. Approving twice is once.

    Raises RefundRequestUnknown, RefundRequestDecided, SecondPersonNeeded, NotTheRequester, and whatever refuses the
    refund by now: the request then stays as it is.
    """
    request = await refund_requests.lock(work.connection, command.request_id)
    if request is None:
        raise RefundRequestUnknown(command.request_id)
    if command.verdict == "approve":
        if request.state == "completed" and request.decided_by == work.actor:
            return request
        request.complete(work.actor, work.now)
        request.transaction_ids = tuple(transaction.transaction_id for transaction in await _carried_out(work, request))
    elif command.verdict == "reject":
        request.reject(work.actor, work.now, command.reason or "")
    else:
        request.withdraw(work.actor, work.now, command.reason)
    await refund_requests.save(work.connection, request)
    announce_request(work, request)
    return request


async def _carried_out(work: Work, request: RefundRequest) -> list[Transaction]:
    if request.reason_code is None:
        return [await _cancelled(work, request)]
    return [posted.transaction for posted in await _refunded(work, request, request.reason_code)]


async def _cancelled(work: Work, request: RefundRequest) -> Transaction:
    """The cancellation of the payment, which somebody may have cancelled meanwhile. Raises PaymentReversed."""
    if request.payment_id is None:
        raise TypeError("what is cancelled is a payment")
    command = CancelPayment(request.payment_id, request.reason or "", request.request_id)
    done = await cancel_payment(work, command)
    if not done.first:
        raise PaymentReversed(request.payment_id, "cancelled")
    return done.transaction


async def _refunded(work: Work, request: RefundRequest, reason_code: ReasonCode) -> list[Posted]:
    terms = RefundTerms(
        reason_code=reason_code,
        reason=request.reason,
        method=request.method,
        method_label=request.method_label,
        request_id=request.request_id,
        named=request.named,
    )
    if request.payment_id is not None:
        return [
            await refund_payment(work, RefundPayment(payment_id=request.payment_id, amount=request.amount, terms=terms))
        ]
    return await withdraw_credit(
        work,
        WithdrawCredit(
            patient_id=request.patient_id,
            amount=request.amount,
            terms=terms,
            treatment_plan_id=request.treatment_plan_id,
        ),
    )
