"""Transactions cancelled or refunded: one, or several selected, all of them or none (`PAY-5`, `PAY-7`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn
from uuid import UUID

from chassis.http import Problem, ProblemError, problems
from fastapi import APIRouter, Response

from payments.domain.errors import PaymentsError, SelectionRefused
from payments.domain.refund_request_errors import CancellationNeedsApproval
from payments.http.payment_requests import CancellationIn
from payments.http.payments import DONE_BEFORE, reversed_
from payments.http.problems import PROBLEMS
from payments.http.refund_request_responses import REQUESTED
from payments.http.refund_requests import requested
from payments.http.scopes import PaymentsReverse
from payments.http.selection_requests import CancellationsIn, RefundsIn
from payments.http.transaction_responses import TransactionOut, TransactionsOut
from payments.use_cases.cancel_payment import CancelPayment
from payments.use_cases.cancel_transaction import CancelTransaction, cancel_transaction
from payments.use_cases.cancel_transactions import CancelTransactions, cancel_transactions
from payments.use_cases.refund_payments import refund_payments
from payments.use_cases.request_refund import request_refund

router = APIRouter(prefix="/v1/transactions", tags=["selected transactions"])


@router.post("/cancellations", status_code=201, response_model=TransactionsOut, responses=problems(409, 422))
async def post_cancellations(body: CancellationsIn, change: PaymentsReverse) -> Response:
    """Cancel payments, refunds, applications and transfers of credit, all or none (`PAY-5`, `PAY-7`).

    A payment can be selected together with its refunds, an application with the transfer of its credit. With more than
    the clinic's limit, each payment that is too much is named (`cancellation-needs-approval`): they have to be
    requested one by one, for a second person to approve (`PAY-15`).

    What was cancelled before counts as done. When one cannot be cancelled nothing is, and `errors` of the problem name
    each with its `transaction_id`, the `type` of its problem and a detail.
    """
    ids = body.transaction_ids
    async with change as work:
        try:
            reversals = await cancel_transactions(work, CancelTransactions(ids, body.reason))
        except SelectionRefused as refusal:
            _refuse(refusal, "transaction_ids[{}]", ids)
        items = [TransactionOut.of(reversal.transaction, reversal.movement) for reversal in reversals]
        return change.answer(201, TransactionsOut.model_construct(items=items))


@router.post(
    "/{transaction_id}/cancellation",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422) | DONE_BEFORE | REQUESTED,
)
async def post_transaction_cancellation(
    transaction_id: UUID, body: CancellationIn, change: PaymentsReverse
) -> Response:
    """Cancel what was recorded by mistake: a payment, a refund, an application or a transfer of credit (`PAY-5`).

    What an application still settles leaves its invoices, which ask for it again, and is the patient's credit again. A
    transfer is taken back on both sides, whichever is named, while the other patient still has all of it. A payment
    above the clinic's limit becomes a request (202) that another person has to approve (`PAY-15`).
    """
    async with change as work:
        try:
            return reversed_(change, await cancel_transaction(work, CancelTransaction(transaction_id, body.reason)))
        except CancellationNeedsApproval as above:
            command = CancelPayment(transaction_id, body.reason)
            return requested(change, await request_refund(work, command, above.limit))


@router.post("/refunds", status_code=201, response_model=TransactionsOut, responses=problems(409, 422))
async def post_refunds(body: RefundsIn, change: PaymentsReverse) -> Response:
    """Refund payments, all or none, each in full or in part, for one reason (`PAY-7`).

    Each may say which of its invoices the money comes from, and for which lines (`PAY-19`). When one cannot be refunded
    nothing is, and `errors` of the problem name each. With more to a patient on the same day than the clinic's limit,
    each of that patient is named too, with the sum: they have to be requested one by one, for a second person to
    approve (`ALL-5`).
    """
    command = body.to_command()
    async with change as work:
        try:
            refunds = await refund_payments(work, command)
        except SelectionRefused as refusal:
            _refuse(refusal, "refunds[{}]", list(command.amounts))
        items = [TransactionOut.of(refund.transaction, refund.movement) for refund in refunds]
        return change.answer(201, TransactionsOut.model_construct(items=items))


def _refuse(refusal: SelectionRefused, field: str, selected: Sequence[UUID]) -> NoReturn:
    """One problem that names each failure as its own problem would be."""
    errors: list[dict[str, Any]] = []
    for place, transaction_id in enumerate(selected):
        if (failure := refusal.failures.get(transaction_id)) is not None:
            problem: Problem = PROBLEMS[type(failure)]
            errors.append(
                dict(failure.extensions or {})
                | {
                    "field": field.format(place) + _within(failure),
                    "transaction_id": str(transaction_id),
                    "type": problem.type,
                    "status": problem.status,
                    "title": problem.title,
                    "detail": str(failure),
                }
            )
    raise ProblemError(PROBLEMS[SelectionRefused], str(refusal), extensions={"errors": errors}) from refusal


def _within(failure: PaymentsError) -> str:
    """The member of the selected one that is at fault, where it names what the money comes from (`PAY-19`)."""
    named = getattr(failure, "field", None) or ""
    return f".{named}" if named.startswith("allocations") else ""
