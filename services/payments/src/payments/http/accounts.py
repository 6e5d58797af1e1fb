"""A patient's account and statements, as pages and as CSV (`PAY-9`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from chassis.database.merged_records import records_of
from chassis.http import MoneyOut, Page, Paging, Read, Reading, problems
from chassis.http.period import require_in_order
from chassis.http.spreadsheet import Cell, csv_answer, documented, minor_units, said
from chassis.http.time import Day
from chassis.money import Money
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.transaction import Method, PayerKind
from payments.http.answers import Answer, example_of
from payments.http.examples import ACCOUNT_CSV_EXAMPLE, ACCOUNT_LINE_EXAMPLE, STATEMENT_EXAMPLE
from payments.persistence import account, clinics
from payments.persistence.account import AccountFilter, AccountLine, Balance, Order, ReceiptOf
from payments.persistence.account_lines import LineKind
from payments.persistence.clinics import Clinic
from payments.use_cases.ask_next import ask_next, left_to_insurers

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["accounts"])
Looking = Annotated[Read, Depends(Reading("payments:read"))]
From = Annotated[Day | None, Query(alias="from", description="Lines of this day or later")]
To = Annotated[Day | None, Query(alias="to", description="Lines of this day or earlier")]

COLUMNS = (
    "date",
    "recorded_at",
    "kind",
    "number",
    "receipt_number",
    "amount",
    "change",
    "balance",
    "currency",
    "method",
    "method_label",
    "reason",
    "id",
    "invoice_id",
    "payment_id",
    "group_id",
    "reason_code",
    "recorded_by",
    "insurers_credit_change",
    "insurers_credit",
)


class ReceiptOut(Answer):
    """The receipt of a transaction; void once its transaction was taken back (`RCP-3`)."""

    id: UUID
    number: str
    void: bool

    @classmethod
    def of(cls, receipt: ReceiptOf) -> ReceiptOut:
        """A receipt."""
        return cls.model_construct(id=receipt.receipt_id, number=receipt.number, void=receipt.void)


class AccountLineOut(Answer):
    """One line of an account. `change` and `balance` are what the patient owes (above zero) or has in credit.

    What insurers overpaid is theirs (`INS-4`): no part of the balance, but of `insurers_credit` after the line.
    """

    model_config = example_of(ACCOUNT_LINE_EXAMPLE)

    id: UUID
    kind: LineKind
    number: str | None
    date: date
    recorded_at: datetime
    amount: MoneyOut
    change: MoneyOut
    balance: MoneyOut
    insurers_credit_change: MoneyOut
    insurers_credit: MoneyOut
    invoice_id: UUID | None
    transaction_id: UUID | None
    """The transaction that the line is, or that its receipt proves."""
    payment_id: UUID | None
    method: Method | None
    method_label: str | None
    group_id: UUID | None
    payer_kind: PayerKind | None
    payer_name: str | None
    reason_code: str | None
    reason: str | None
    recorded_by: str | None
    receipt: ReceiptOut | None

    @classmethod
    def of(cls, line: AccountLine, currency: str) -> AccountLineOut:
        """A line in the clinic's currency."""
        return cls.model_construct(
            id=line.id,
            kind=line.kind,
            number=line.number,
            date=line.place[0],
            recorded_at=line.recorded_at,
            amount=MoneyOut.of(Money(line.amount_minor, currency)),
            change=MoneyOut.of(Money(line.change.balance_minor, currency)),
            balance=MoneyOut.of(Money(line.balance.minor, currency)),
            insurers_credit_change=MoneyOut.of(Money(line.change.insurers_credit_minor, currency)),
            insurers_credit=MoneyOut.of(Money(line.balance.insurers_credit_minor, currency)),
            invoice_id=line.invoice_id,
            transaction_id=line.transaction_id,
            payment_id=line.payment_id,
            method=line.method,
            method_label=line.method_label,
            group_id=line.group_id,
            payer_kind=line.payer_kind,
            payer_name=line.payer_name,
            reason_code=line.reason_code,
            reason=line.reason,
            recorded_by=line.recorded_by,
            receipt=None if line.receipt is None else ReceiptOut.of(line.receipt),
        )


class NextDueOut(Answer):
    """The oldest of what the patient is asked for: an invoice, or an installment of its plan (`PLN-10`, `INS-4`)."""

    invoice_id: UUID
    invoice_number: str
    installment_id: UUID | None
    position: int | None
    """The installment's place in its plan."""
    due_date: date
    amount: MoneyOut


class StatementOut(Answer):
    """A part of a statement. The opening balance and all changes of the period sum to the closing balance.

    So it is with what insurers have in credit, which is no part of the balance (`INS-4`).
    """

    model_config = example_of(STATEMENT_EXAMPLE) | ConfigDict(populate_by_name=True)

    patient_id: UUID
    from_day: Annotated[date | None, Field(alias="from")]
    """None where it begins with the account."""
    to_day: Annotated[date, Field(alias="to")]
    opening_balance: MoneyOut
    closing_balance: MoneyOut
    opening_insurers_credit: MoneyOut
    closing_insurers_credit: MoneyOut
    items: list[AccountLineOut]
    next: str | None
    next_due: NextDueOut | None
    """What the patient is asked for next, as of now: on the first page of a period that reaches until today."""
    insurers_to_pay: MoneyOut | None
    """What of the balance is left to insurers, likewise (`INS-4`).

    Once any has decided: what they decided to pay and have not, what is undecided, and what those that have not decided
    are estimated to take.
    """


class AccountOut(Page[AccountLineOut]):
    """A part of an account; `patient_id` is the record of the register that goes on, where others are one with it."""

    patient_id: UUID


class Wanted:
    """A dependency: which lines are asked for."""

    def __init__(
        self,
        from_date: From = None,
        to_date: To = None,
        kind: LineKind | None = None,
        group_id: UUID | None = None,
        method: Method | None = None,
    ) -> None:
        require_in_order(from_date, to_date)
        self.filter = AccountFilter(from_date, to_date, kind, group_id, method)


class Period:
    """A dependency: from which day to which a statement is; to today, in the clinic's zone, when not said."""

    def __init__(self, request: Request, from_date: From = None, to_date: To = None) -> None:
        require_in_order(from_date, to_date)
        self.first = from_date
        self._last = to_date
        self._now = request.app.state.resources.clock.now

    def last(self, clinic: Clinic) -> date:
        """Its last day."""
        return self._last or clinic.today(self._now())

    def reaches_today(self, clinic: Clinic) -> bool:
        """Whether it ends today or later."""
        return self.last(clinic) >= clinic.today(self._now())

    def filter(self, clinic: Clinic) -> AccountFilter:
        """Its lines. Receipts change no balance: they are shown beside what they prove."""
        return AccountFilter(self.first, self.last(clinic), without_receipts=True)


@router.get("/account", response_model=AccountOut, responses=problems(409, 422))
async def get_account(
    patient_id: UUID,
    read: Looking,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[Wanted, Depends()],
    order: Order = "oldest_first",
) -> Response:
    """Every invoice, note, payment, refund, cancellation and receipt in order, with the running balance (`PAY-9`).

    By day, and within a day as they were booked. The balance runs over all lines, whatever the filter shows. By
    whichever record of the register the patient is named, it is the account of all that are one patient (`ALL-10`).
    """
    after = (paging.after[0], paging.after[1]) if paging.after else None
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        records = await records_of(connection, read.clinic_id, patient_id)
        lines = await account.account_of(connection, read.clinic_id, records, wanted.filter, after, paging.fetch, order)
    page = paging.page(lines, lambda line: line.place, lambda line: AccountLineOut.of(line, clinic.currency))
    return read.answer(AccountOut.model_construct(patient_id=records[0], items=page.items, next=page.next))


@router.get("/account.csv", response_class=Response, responses=documented(ACCOUNT_CSV_EXAMPLE) | problems(409, 422))
async def get_account_csv(patient_id: UUID, read: Looking, wanted: Annotated[Wanted, Depends()]) -> Response:
    """The whole account as CSV, oldest first, with the running balance (`PAY-9`)."""
    clinic = await _clinic(read)

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with read as connection:
            records = await records_of(connection, read.clinic_id, patient_id)
            async for line in account.streamed(connection, read.clinic_id, records, wanted.filter):
                yield _row(line, clinic.currency)

    return await csv_answer(read, "account", COLUMNS, rows())


@router.get("/statement", response_model=StatementOut, responses=problems(409, 422))
async def get_statement(
    patient_id: UUID, read: Looking, paging: Annotated[Paging, Depends()], period: Annotated[Period, Depends()]
) -> Response:
    """A period of the account between its opening and its closing balance (`PAY-9`)."""
    after = (paging.after[0], paging.after[1]) if paging.after else None
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        opening = Balance()
        records = await records_of(connection, read.clinic_id, patient_id)
        closing = await account.balance_after(connection, read.clinic_id, records, period.last(clinic))
        if period.first:
            opening = await account.balance_before(connection, read.clinic_id, records, period.first)
        lines = await account.account_of(
            connection, read.clinic_id, records, period.filter(clinic), after, paging.fetch
        )
        following, of_insurers = None, None
        if after is None and period.reaches_today(clinic):
            following = await _next_due(connection, clinic, read.clinic_id, patient_id)
            minor = await left_to_insurers(connection, read.clinic_id, patient_id)
            of_insurers = MoneyOut.of(Money(minor, clinic.currency))
    page = paging.page(lines, lambda line: line.place, lambda line: AccountLineOut.of(line, clinic.currency))
    return read.answer(
        StatementOut.model_construct(
            patient_id=records[0],
            from_day=period.first,
            to_day=period.last(clinic),
            opening_balance=MoneyOut.of(Money(opening.minor, clinic.currency)),
            closing_balance=MoneyOut.of(Money(closing.minor, clinic.currency)),
            opening_insurers_credit=MoneyOut.of(Money(opening.insurers_credit_minor, clinic.currency)),
            closing_insurers_credit=MoneyOut.of(Money(closing.insurers_credit_minor, clinic.currency)),
            items=page.items,
            next=page.next,
            next_due=following,
            insurers_to_pay=of_insurers,
        )
    )


async def _next_due(
    connection: AsyncConnection, clinic: Clinic, clinic_id: UUID, patient_id: UUID
) -> NextDueOut | None:
    asking = await ask_next(connection, clinic_id, patient_id)
    if asking is None:
        return None
    return NextDueOut.model_construct(
        invoice_id=asking.invoice.invoice_id,
        invoice_number=asking.invoice.number,
        installment_id=asking.installment_id,
        position=asking.position,
        due_date=asking.due_date,
        amount=MoneyOut.of(Money(asking.minor, clinic.currency)),
    )


@router.get("/statement.csv", response_class=Response, responses=documented(ACCOUNT_CSV_EXAMPLE) | problems(409, 422))
async def get_statement_csv(patient_id: UUID, read: Looking, period: Annotated[Period, Depends()]) -> Response:
    """A statement as CSV: the opening balance, each line, the closing balance, in this order (`PAY-9`).

    Without `from` it begins with the account: the opening balance is zero, and has no date.
    """
    clinic = await _clinic(read)

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with read as connection:
            balance, last = Balance(), period.last(clinic)
            records = await records_of(connection, read.clinic_id, patient_id)
            if period.first:
                balance = await account.balance_before(connection, read.clinic_id, records, period.first)
            yield _balance_row("opening_balance", period.first, balance, clinic.currency)
            async for line in account.streamed(connection, read.clinic_id, records, period.filter(clinic)):
                balance = line.balance
                yield _row(line, clinic.currency)
            yield _balance_row("closing_balance", last, balance, clinic.currency)

    return await csv_answer(read, "statement", COLUMNS, rows())


async def _clinic(read: Read) -> Clinic:
    async with read as connection:
        return await clinics.clinic_of(connection, read.clinic_id)


def _row(line: AccountLine, currency: str) -> Sequence[Cell]:
    return (
        line.place[0].isoformat(),
        line.recorded_at.isoformat(),
        line.kind,
        said(line.number),
        said(line.receipt.number if line.receipt else None),
        minor_units(line.amount_minor, currency),
        minor_units(line.change.balance_minor, currency),
        minor_units(line.balance.minor, currency),
        currency,
        line.method,
        said(line.method_label),
        said(line.reason),
        str(line.id),
        said(line.invoice_id),
        said(line.payment_id),
        said(line.group_id),
        said(line.reason_code),
        said(line.recorded_by),
        minor_units(line.change.insurers_credit_minor, currency),
        minor_units(line.balance.insurers_credit_minor, currency),
    )


def _balance_row(kind: str, day: date | None, balance: Balance, currency: str) -> Sequence[Cell]:
    told = {
        "date": day.isoformat() if day else "",
        "kind": kind,
        "balance": minor_units(balance.minor, currency),
        "insurers_credit": minor_units(balance.insurers_credit_minor, currency),
        "currency": currency,
    }
    return tuple(told.get(column, "") for column in COLUMNS)
