"""What a payment settles, moved: to another invoice, another installment, or to credit (`PAY-13`)."""

from __future__ import annotations

from uuid import UUID

from chassis.http import problems
from fastapi import APIRouter, Request, Response

from payments.domain.errors import InstallmentUnknown, InvoiceUnknown
from payments.http.move_requests import MoveIn
from payments.http.payments import arrives, installment_arrives
from payments.http.scopes import PaymentsReverse
from payments.http.transaction_responses import TransactionOut
from payments.use_cases.move_allocation import MoveAllocation, move_allocation

router = APIRouter(tags=["payments"])


@router.post(
    "/v1/payments/{payment_id}/moves",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422),
)
async def post_move(payment_id: UUID, body: MoveIn, request: Request, change: PaymentsReverse) -> Response:
    """Move what a payment settles to another invoice, whoever's, another installment, or to credit (`PAY-13`).

    The payment is not cancelled and its receipt stays; the move is a transaction of its own, in the account, the
    journal and the invoices' stories, and is cancelled like one (`POST /v1/transactions/{id}/cancellation`): what it
    still settles goes back to where it was taken from. Where the other invoice asks for less, nothing is moved.
    """
    command = body.to_command(payment_id)
    awaited: set[UUID] = set()
    while True:
        try:
            async with change as work:
                posted = await move_allocation(work, command)
                shown = TransactionOut.of(posted.transaction, posted.movement)
                return change.answer(201, shown, location=f"/v1/transactions/{shown.id}")
        except (InvoiceUnknown, InstallmentUnknown) as unknown:
            if unknown.identifier in awaited or not await _arrives(request, change.clinic_id, command, unknown):
                raise
            awaited.add(unknown.identifier)


async def _arrives(
    request: Request, clinic_id: UUID, command: MoveAllocation, unknown: InvoiceUnknown | InstallmentUnknown
) -> bool:
    """Wait briefly for the event of an invoice, or of the plan that an installment is of."""
    if isinstance(unknown, InvoiceUnknown):
        return await arrives(request, clinic_id, unknown.identifier)
    invoices = [command.target[0]] if command.target else []
    return await installment_arrives(request, clinic_id, invoices, unknown.identifier)
