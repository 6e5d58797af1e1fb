"""What a payment settles, moved: to another invoice, another installment, or to credit (`PAY-13`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import Change, Changing, MoneyIn, problems
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, Field

from payments.domain.errors import InstallmentUnknown, InvoiceUnknown
from payments.domain.payment import Place
from payments.http.answers import TransactionOut
from payments.http.payments import arrives, installment_arrives
from payments.http.requests import INVOICE, Body, Reason
from payments.use_cases.move_allocation import MoveAllocation, move_allocation

router = APIRouter(tags=["payments"])
Reversing = Annotated[Change, Depends(Changing("payments:reverse"))]


class SpotIn(Body):
    """An invoice, or one installment of its live plan."""

    invoice_id: UUID
    installment_id: UUID | None = None

    def to_place(self) -> Place:
        """As the domain has it."""
        return self.invoice_id, self.installment_id


class MoveIn(Body):
    """What of a payment goes from where to where, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from": {"invoice_id": INVOICE},
                    "to": {"invoice_id": "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c06"},
                    "amount": {"amount": "40.00", "currency": "USD"},
                    "reason": "meant for the crown",
                },
                {"from": {"invoice_id": INVOICE}, "to": None, "reason": "she wants to keep it for the filling"},
            ]
        },
    )

    source: Annotated[SpotIn, Field(alias="from")]
    """What the payment settles there: of an invoice without an installment all of it, whatever installment it names."""
    target: Annotated[SpotIn | None, Field(alias="to")]
    """Null makes it credit again, of whoever's it was before it settled an invoice."""
    amount: MoneyIn | None = None
    """All that the payment settles there, when left out; what settled it last goes first."""
    reason: Reason

    def to_command(self, payment_id: UUID) -> MoveAllocation:
        """As the use case takes it. Raises Invalid."""
        return MoveAllocation(
            payment_id=payment_id,
            source=self.source.to_place(),
            target=self.target.to_place() if self.target else None,
            amount=None if self.amount is None else self.amount.to_money("amount"),
            reason=self.reason,
        )


@router.post(
    "/v1/payments/{payment_id}/moves",
    status_code=201,
    response_model=TransactionOut,
    responses=problems(404, 409, 422),
)
async def post_move(payment_id: UUID, body: MoveIn, request: Request, change: Reversing) -> Response:
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
