"""A patient's money: the account, the credit, and what is done with the credit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from chassis.http import Change, Changing, MoneyOut, Page, Paging, Read, Reading, problems
from chassis.http.time import Day
from chassis.money import Money
from fastapi import APIRouter, Depends, Query, Response

from payments.domain.transaction import Method
from payments.http.answers import Answer, CreditOut, TransactionOut, TransferOut, example_of
from payments.http.examples import ACCOUNT_LINE_EXAMPLE
from payments.http.requests import CreditApplicationIn, CreditTransferIn, wishes_of
from payments.persistence import account, clinics, queries
from payments.persistence.account import AccountFilter, AccountLine, LineKind
from payments.use_cases.apply_credit import ApplyCredit, apply_credit
from payments.use_cases.transfer_credit import TransferCredit, transfer_credit

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["patients"])
Writing = Annotated[Change, Depends(Changing("payments:write"))]
Looking = Annotated[Read, Depends(Reading("payments:read"))]


class AccountLineOut(Answer):
    """One line of an account. `change` and `balance` are what the patient owes (above zero) or has in credit."""

    model_config = example_of(ACCOUNT_LINE_EXAMPLE)

    id: UUID
    kind: LineKind
    number: str | None
    date: date
    recorded_at: datetime
    amount: MoneyOut
    change: MoneyOut
    balance: MoneyOut
    invoice_id: UUID | None
    payment_id: UUID | None
    method: Method | None
    method_label: str | None
    group_id: UUID | None
    reason: str | None

    @classmethod
    def of(cls, line: AccountLine, currency: str) -> AccountLineOut:
        """A line in the clinic's currency."""
        return cls.model_construct(
            id=line.id,
            kind=line.kind,
            number=line.number,
            date=line.on_date,
            recorded_at=line.recorded_at,
            amount=MoneyOut.of(Money(line.amount_minor, currency)),
            change=MoneyOut.of(Money(line.change_minor, currency)),
            balance=MoneyOut.of(Money(line.balance_minor, currency)),
            invoice_id=line.invoice_id,
            payment_id=line.payment_id,
            method=line.method,
            method_label=line.method_label,
            group_id=line.group_id,
            reason=line.reason,
        )


@router.get("/account", response_model=Page[AccountLineOut], responses=problems(409, 422))
async def get_account(
    patient_id: UUID,
    read: Looking,
    paging: Annotated[Paging, Depends()],
    from_date: Annotated[Day | None, Query(alias="from")] = None,
    to_date: Annotated[Day | None, Query(alias="to")] = None,
    kind: LineKind | None = None,
    group_id: UUID | None = None,
    method: Method | None = None,
) -> Response:
    """Every invoice, note, payment, refund and cancellation in order, with the running balance (`PAY-9`).

    The balance runs over all lines, whatever the filter shows.
    """
    wanted = AccountFilter(from_date, to_date, kind, group_id, method)
    after = (paging.after[0], paging.after[1]) if paging.after else None
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        lines = await account.account_of(connection, read.clinic_id, patient_id, wanted, after, paging.fetch)
    page = paging.page(
        lines, lambda line: (line.recorded_at, line.id), lambda line: AccountLineOut.of(line, clinic.currency)
    )
    return read.answer(page)


@router.get("/credit", response_model=CreditOut, responses=problems(409, 422))
async def get_credit(patient_id: UUID, read: Looking) -> Response:
    """What was received and is not allocated (`PAY-3`)."""
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        balance = await queries.credit_minor(connection, read.clinic_id, patient_id)
    money = MoneyOut.of(Money(balance, clinic.currency))
    return read.answer(CreditOut.model_construct(patient_id=patient_id, balance=money))


@router.post("/credit/applications", status_code=201, response_model=TransactionOut, responses=problems(404, 409, 422))
async def post_application(patient_id: UUID, body: CreditApplicationIn, change: Writing) -> Response:
    """Settle invoices from the credit: those named, else the oldest due first (`PAY-3`)."""
    amount = body.amount.to_money("amount") if body.amount else None
    command = ApplyCredit(patient_id, amount, wishes_of(body.allocations))
    async with change as work:
        posted = await apply_credit(work, command)
        body_out = TransactionOut.of(posted.transaction, posted.movement)
        return change.answer(201, body_out, location=f"/v1/transactions/{body_out.id}")


@router.post("/credit/transfers", status_code=201, response_model=TransferOut, responses=problems(409, 422))
async def post_transfer(patient_id: UUID, body: CreditTransferIn, change: Writing) -> Response:
    """Hand credit to another patient of the clinic; two linked transactions (`PAY-3`)."""
    command = TransferCredit(patient_id, body.to_patient_id, body.amount.to_money("amount"), body.reason)
    async with change as work:
        out, into = await transfer_credit(work, command)
        sides = TransferOut.model_construct(
            out=TransactionOut.of(out.transaction, out.movement),
            into=TransactionOut.of(into.transaction, into.movement),
        )
        return change.answer(201, sides, location=f"/v1/transactions/{out.transaction.transaction_id}")
