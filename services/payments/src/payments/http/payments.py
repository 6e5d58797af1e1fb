"""Payments: recorded, read, relabelled, refunded, cancelled, charged back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.http import (
    TEXT,
    Arrivals,
    Change,
    NotFound,
    Page,
    Paging,
    PreconditionFailed,
    problems,
    until_known,
)
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query, Request, Response

from payments.domain.errors import InstallmentUnknown, InvoiceUnknown, Unknown
from payments.domain.recorded_payment import PaymentFilter, Recorded
from payments.domain.refund_request_errors import CancellationNeedsApproval, RefundNeedsApproval
from payments.domain.transaction import Method
from payments.http.payment_requests import CancellationIn, ChargebackIn, LabelsIn, PaymentIn, RefundIn, StatusFilter
from payments.http.payment_responses import EditOut, PaymentOut, PaymentStory
from payments.http.refund_request_responses import REQUESTED
from payments.http.refund_requests import requested
from payments.http.scopes import PaymentsRead, PaymentsReverse, PaymentsWrite
from payments.http.transaction_responses import TransactionOut
from payments.persistence import installments, queries, refund_adjustments, relabelings, transactions
from payments.use_cases.cancel_payment import CancelPayment, cancel_payment
from payments.use_cases.cancel_refund import CancelRefund, cancel_refund
from payments.use_cases.charge_back_payment import ChargeBackPayment, charge_back_payment
from payments.use_cases.posting import Reversal
from payments.use_cases.record_payment import RecordPayment, record_payment
from payments.use_cases.refund_payment import refund_payment
from payments.use_cases.relabel_payment import PaymentChanged, relabel_payment
from payments.use_cases.request_refund import request_refund

router = APIRouter(tags=["payments"])

EDITS_MAX = 100
"""How many edits of a payment its story tells, the latest first."""
DONE_BEFORE: dict[int | str, dict[str, Any]] = {
    200: {"description": "It had been undone before; this is that time's transaction", "model": TransactionOut}
}


@router.post("/v1/payments", status_code=201, response_model=PaymentOut, responses=problems(404, 409, 422))
async def post_payment(body: PaymentIn, request: Request, change: PaymentsWrite) -> Response:
    """Record a payment against one invoice, several, or none (a deposit) (`PAY-1`, `PAY-2`).

    Allocations with an amount get just that, the others as much as possible, in order. More than what is outstanding
    is refused, naming it, unless `allow_overpayment` lets the surplus become patient credit. An allocation may name an
    installment of the invoice's live plan (`PLN-2`). An invoice or installment whose event has not arrived yet is
    waited for briefly.
    """
    command = body.to_command()
    awaited: set[UUID] = set()
    while True:
        try:
            return await _recorded(change, command)
        except (InvoiceUnknown, InstallmentUnknown) as unknown:
            if unknown.identifier in awaited or not await _arrives(request, change.clinic_id, command, unknown):
                raise
            awaited.add(unknown.identifier)


@router.get("/v1/payments", response_model=Page[PaymentOut], responses=problems(422))
async def get_payments(
    read: PaymentsRead,
    paging: Annotated[Paging, Depends()],
    patient_id: UUID | None = None,
    invoice_id: Annotated[UUID | None, Query(description="Payments that ever settled something of it")] = None,
    booked_from: Day | None = None,
    booked_to: Day | None = None,
    method: Method | None = None,
    group_id: UUID | None = None,
    status: StatusFilter | None = None,
    external_reference: Annotated[str | None, Query(max_length=200, pattern=TEXT)] = None,
) -> Response:
    """Payments by filter, those booked last first."""
    wanted = PaymentFilter(patient_id, invoice_id, booked_from, booked_to, method, group_id, status, external_reference)
    after = paging.after_of(date, UUID)
    async with read as connection:
        found = await queries.payments_by(connection, read.clinic_id, wanted, after, paging.fetch)
    return read.answer(
        paging.page(found, lambda recorded: (recorded.transaction.booked_on, recorded.payment.payment_id), _shown)
    )


@router.get("/v1/payments/{payment_id}", response_model=PaymentStory, responses=problems(404, 422))
async def get_payment(payment_id: UUID, read: PaymentsRead) -> Response:
    """A payment and everything that was done with it."""
    async with read as connection:
        found = await queries.recorded(connection, [payment_id])
        if not found:
            raise NotFound("there is no such payment")
        facts = await transactions.of_payment(connection, payment_id)
        did = await transactions.movements_of(connection, read.clinic_id, facts)
        decided = await refund_adjustments.by_refund(connection, [fact for fact in facts if fact.kind == "refund"])
        edits = await relabelings.of_payment(connection, payment_id, EDITS_MAX)
    story = PaymentStory.model_construct(
        **dict(_shown(found[0])),
        transactions=[
            TransactionOut.of(fact, did[fact.transaction_id], decided.get(fact.transaction_id, {})) for fact in facts
        ],
        edits=[EditOut.of(edit) for edit in edits],
    )
    return read.answer(story, etag=found[0].payment.version)


@router.patch("/v1/payments/{payment_id}", response_model=PaymentOut, responses=problems(404, 409, 412, 422, 428))
async def patch_payment(payment_id: UUID, body: LabelsIn, change: PaymentsWrite) -> Response:
    """Change the group or the note; nothing else of a payment can be edited (`PAY-1`). `reason` says why, if given."""
    command = body.to_command(payment_id, change.if_match())
    async with change as work:
        try:
            payment = await relabel_payment(work, command)
        except PaymentChanged:
            raise PreconditionFailed from None
        (found,) = await queries.of_payments(work.connection, [payment])
        return change.answer(200, _shown(found), etag=payment.version)


@router.post(
    "/v1/payments/{payment_id}/refunds",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422) | REQUESTED,
)
async def post_refund(payment_id: UUID, body: RefundIn, change: PaymentsReverse) -> Response:
    """Return money of a payment; no invoice asks for more because of it (`PAY-4`).

    What was not allocated goes first, unless `allocations` names what the money comes from (`PAY-19`). Beyond it, a
    reason other than overpayment is needed, and invoicing makes a credit note (refund adjustment) of the same amount,
    or of less where another document has credited some of it (`PAY-20`); `adjustments` say so once that is decided.
    Lines of which less is left to credit than goes back are refused (`lines-have-less`). With more refunded of the
    payment, or to the patient on the same day, than the clinic's limit, it becomes a request (202) that another person
    has to approve (`ALL-5`).
    """
    command = body.to_command(payment_id)
    async with change as work:
        try:
            posted = await refund_payment(work, command)
        except RefundNeedsApproval as above:
            return requested(change, await request_refund(work, command, above.limit))
        body_out = TransactionOut.of(posted.transaction, posted.movement)
        return change.answer(201, body_out, location=f"/v1/transactions/{posted.transaction.transaction_id}")


@router.post(
    "/v1/payments/{payment_id}/cancellation",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422) | DONE_BEFORE | REQUESTED,
)
async def post_cancellation(payment_id: UUID, body: CancellationIn, change: PaymentsReverse) -> Response:
    """Reverse a payment recorded by mistake; its invoices ask again for what it had settled (`PAY-5`).

    With more cancelled and refunded of the payment, or of the patient on the same day, than the clinic's limit, it
    becomes a request (202) that another person has to approve (`PAY-15`).
    """
    command = CancelPayment(payment_id, body.reason)
    async with change as work:
        try:
            return reversed_(change, await cancel_payment(work, command))
        except CancellationNeedsApproval as above:
            return requested(change, await request_refund(work, command, above.limit))


@router.post(
    "/v1/payments/{payment_id}/chargeback",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422) | DONE_BEFORE,
)
async def post_chargeback(payment_id: UUID, body: ChargebackIn, change: PaymentsReverse) -> Response:
    """Record that the bank took a payment back: it did happen, and is owed again. Not of cash (`PAY-6`)."""
    async with change as work:
        command = ChargeBackPayment(payment_id, body.reason, body.external_reference)
        return reversed_(change, await charge_back_payment(work, command))


@router.post(
    "/v1/refunds/{refund_id}/cancellation",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422) | DONE_BEFORE,
)
async def post_refund_cancellation(refund_id: UUID, body: CancellationIn, change: PaymentsReverse) -> Response:
    """Reverse a refund recorded by mistake; the amount is refundable again (`PAY-5`)."""
    async with change as work:
        return reversed_(change, await cancel_refund(work, CancelRefund(refund_id, body.reason)))


@router.get("/v1/transactions/{transaction_id}", response_model=TransactionOut, responses=problems(404, 422))
async def get_transaction(transaction_id: UUID, read: PaymentsRead) -> Response:
    """Any transaction, as it was recorded for good."""
    async with read as connection:
        found = await transactions.find(connection, transaction_id)
        if found is None:
            raise NotFound("there is no such transaction")
        movement = await transactions.movement_of(connection, read.clinic_id, found)
        decided = await refund_adjustments.of_refund(connection, transaction_id) if found.kind == "refund" else {}
    return read.answer(TransactionOut.of(found, movement, decided))


async def _recorded(change: Change, command: RecordPayment) -> Response:
    async with change as work:
        recorded = await record_payment(work, command)
        body = PaymentOut.of(recorded.transaction, recorded.payment, recorded.numbers)
        return change.answer(201, body, location=f"/v1/payments/{body.id}", etag=body.version)


async def arrives(request: Request, clinic_id: UUID, invoice_id: UUID) -> bool:
    """Wait briefly for the event of an invoice."""
    invoices: Arrivals = request.app.state.resources.state.invoices
    return await invoices.wait(clinic_id, invoice_id)


async def _arrives(request: Request, clinic_id: UUID, command: RecordPayment, unknown: Unknown) -> bool:
    """Wait briefly for the event of an invoice, or of the plan that an installment is of."""
    if isinstance(unknown, InvoiceUnknown):
        return await arrives(request, clinic_id, unknown.identifier)
    wanted = [wish.invoice_id for wish in command.wishes if wish.installment_id == unknown.identifier]
    return await installment_arrives(request, clinic_id, wanted, unknown.identifier)


async def installment_arrives(request: Request, clinic_id: UUID, wanted: Sequence[UUID], installment_id: UUID) -> bool:
    """Wait briefly for the event of the plan of an invoice that an installment is of."""

    async def known() -> bool | None:
        async with request.app.state.resources.database.reading([clinic_id]) as connection:
            plans = await installments.of_invoices(connection, wanted)
        ids = {installment.installment_id for plan in plans.values() for installment in plan}
        return True if installment_id in ids else None

    return bool(await until_known(known))


def reversed_(change: Change, reversal: Reversal) -> Response:
    """What a reversal is answered with: 201, or 200 where it had been made before."""
    body = TransactionOut.of(reversal.transaction, reversal.movement)
    return change.answer(201 if reversal.first else 200, body, location=f"/v1/transactions/{body.id}")


def _shown(recorded: Recorded) -> PaymentOut:
    return PaymentOut.of(recorded.transaction, recorded.payment, recorded.numbers)
