"""An insurer's transfer over the invoices of many patients, recorded at once (`INS-5`)."""

from __future__ import annotations

from chassis.http import Change, MoneyOut, problems
from fastapi import APIRouter, Request, Response

from payments.domain.errors import InvoiceUnknown
from payments.http.payment_responses import PaymentOut
from payments.http.payments import arrives
from payments.http.remittance_requests import RemittanceIn
from payments.http.remittance_responses import RemittanceOut
from payments.http.scopes import PaymentsWrite
from payments.http.transaction_responses import TransactionOut
from payments.use_cases.record_remittance import RecordRemittance, record_remittance

router = APIRouter(tags=["payments"])


@router.post(
    "/v1/remittances",
    status_code=201,
    response_model=RemittanceOut,
    responses=problems(404, 409, 422),
    summary="Record an insurer's transfer for many patients",
)
async def post_remittance(body: RemittanceIn, request: Request, change: PaymentsWrite) -> Response:
    """Record one payment for each patient of an insurer's transfer: all of them, or none.

    Each is a payment like any other, payer the insurer, with its own receipt; they share the external reference. The
    error names the payment that was refused (`payments[3].amount`). What the insurer takes back is booked against the
    payment that it takes back, whose invoices ask for it again; nothing is credited for it (`INS-9`).
    """
    command = body.to_command()
    try:
        return await _recorded(change, command)
    except InvoiceUnknown as error:
        if not await arrives(request, change.clinic_id, error.identifier):
            raise
    return await _recorded(change, command)


async def _recorded(change: Change, command: RecordRemittance) -> Response:
    async with change as work:
        recorded = await record_remittance(work, command)
        payments = [PaymentOut.of(new.transaction, new.payment, new.numbers) for new in recorded.payments]
        shown = RemittanceOut.model_construct(
            external_reference=command.external_reference,
            amount=MoneyOut.of(command.amount),
            payments=payments,
            take_backs=[TransactionOut.of(posted.transaction, posted.movement) for posted in recorded.take_backs],
            adjustments=[TransactionOut.of(posted.transaction, posted.movement) for posted in recorded.adjustments],
        )
        return change.answer(201, shown)
