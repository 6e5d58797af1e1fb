"""A patient's credit: what it consists of, and what is done with it (`PAY-3`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.database.merged_records import survivor_of
from chassis.http import MoneyOut, Page, Paging, problems
from fastapi import APIRouter, Depends, Response

from payments.domain.refund_request_errors import RefundNeedsApproval
from payments.http.credit_requests import CreditApplicationIn, CreditTransferIn, WithdrawalIn
from payments.http.credit_responses import CreditOfPlanOut, CreditOut, CreditPartOut, InsurersCreditOut, WithdrawalOut
from payments.http.refund_request_responses import REQUESTED
from payments.http.refund_requests import requested
from payments.http.scopes import PaymentsRead, PaymentsReverse, PaymentsWrite
from payments.http.shared_requests import wishes_of
from payments.http.shared_responses import money
from payments.http.transaction_responses import TransactionOut, TransferOut
from payments.persistence import clinics
from payments.persistence import credit as credit_held
from payments.use_cases.apply_credit import ApplyCredit, apply_credit
from payments.use_cases.request_refund import request_refund
from payments.use_cases.transfer_credit import TransferCredit, transfer_credit
from payments.use_cases.withdraw_credit import withdraw_credit

router = APIRouter(prefix="/v1/patients/{patient_id}/credit", tags=["patient credit"])


@router.get("", response_model=CreditOut, responses=problems(409, 422))
async def get_credit(patient_id: UUID, read: PaymentsRead) -> Response:
    """What was received and is not allocated, and how much of it is for which treatment plan (`PAY-3`).

    What an insurer overpaid is the insurer's (`INS-4`): it is refunded to it, or settles invoices that are named.
    """
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        found = await credit_held.of_patient(connection, read.clinic_id, patient_id)
        goes_on = await survivor_of(connection, read.clinic_id, patient_id)
    plans = [
        CreditOfPlanOut.model_construct(treatment_plan_id=plan, amount=money(minor, clinic.currency))
        for plan, minor in found.by_plan
    ]
    balance = money(found.balance_minor, clinic.currency)
    insurers = [
        InsurersCreditOut.model_construct(
            payer_id=held.payer_id, name=held.payer_name, balance=money(held.minor, clinic.currency)
        )
        for held in found.insurers
    ]
    return read.answer(
        CreditOut.model_construct(patient_id=goes_on, balance=balance, by_treatment_plan=plans, insurers=insurers)
    )


@router.get("/parts", response_model=Page[CreditPartOut], responses=problems(409, 422))
async def get_credit_parts(
    patient_id: UUID, read: PaymentsRead, paging: Annotated[Paging, Depends()], treatment_plan_id: UUID | None = None
) -> Response:
    """The payments that hold the credit, the oldest first: whose money it is, and which plan it is for (`PAY-3`)."""
    after = paging.after_value(UUID)
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        parts = await credit_held.parts_of(
            connection, read.clinic_id, patient_id, treatment_plan_id, after, paging.fetch
        )
    return read.answer(
        paging.page(parts, lambda part: (part.payment_id,), lambda part: CreditPartOut.of(part, clinic.currency))
    )


@router.post("/applications", status_code=201, response_model=TransactionOut, responses=problems(404, 409, 422))
async def post_application(patient_id: UUID, body: CreditApplicationIn, change: PaymentsWrite) -> Response:
    """Settle invoices from the credit: those named, else what is due first, installments included (`PAY-3`).

    An invoice that is named may be another patient's, a child's say, as a payment may be for it (`PAY-14`).

    Deposits for a treatment plan are taken for its invoices before other credit. For other invoices they are taken
    only where those are named, and last.
    """
    amount = body.amount.to_money("amount") if body.amount else None
    command = ApplyCredit(patient_id, body.reason, amount, wishes_of(body.allocations), body.insurer_id)
    async with change as work:
        posted = await apply_credit(work, command)
        body_out = TransactionOut.of(posted.transaction, posted.movement)
        return change.answer(201, body_out, location=f"/v1/transactions/{body_out.id}")


@router.post("/withdrawals", status_code=201, response_model=WithdrawalOut, responses=problems(409, 422) | REQUESTED)
async def post_withdrawal(patient_id: UUID, body: WithdrawalIn, change: PaymentsReverse) -> Response:
    """Return credit to the patient: refunds of the payments that hold it, the oldest first, all in one (`PAY-3`).

    With more going back to the patient on the same day than the clinic's limit, it becomes a request (202) that another
    person has to approve (`ALL-5`).
    """
    command = body.to_command(patient_id)
    async with change as work:
        try:
            posted = await withdraw_credit(work, command)
        except RefundNeedsApproval as above:
            return requested(change, await request_refund(work, command, above.limit))
        refunds = [TransactionOut.of(refund.transaction, refund.movement) for refund in posted]
        amount = MoneyOut.of(command.amount)
        return change.answer(201, WithdrawalOut.model_construct(patient_id=patient_id, amount=amount, refunds=refunds))


@router.post("/transfers", status_code=201, response_model=TransferOut, responses=problems(409, 422))
async def post_transfer(patient_id: UUID, body: CreditTransferIn, change: PaymentsWrite) -> Response:
    """Hand credit to another patient of the clinic; two linked transactions (`PAY-3`)."""
    command = TransferCredit(patient_id, body.to_patient_id, body.amount.to_money("amount"), body.reason)
    async with change as work:
        out, into = await transfer_credit(work, command)
        sides = TransferOut.model_construct(
            out=TransactionOut.of(out.transaction, out.movement),
            into=TransactionOut.of(into.transaction, into.movement),
        )
        return change.answer(201, sides, location=f"/v1/transactions/{out.transaction.transaction_id}")
