"""A patient's account and statements, as pages and as CSV (`PAY-9`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.database.merged_records import records_of
from chassis.http import Paging, Read, problems
from chassis.http.period import require_in_order
from chassis.http.spreadsheet import Cell, csv_answer, documented, minor_units, said
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.account import AccountFilter, AccountLine, Balance, LineKind, Order
from payments.domain.asked_now import AskedNow
from payments.domain.clinic import Clinic
from payments.domain.transaction import Method
from payments.http.account_responses import AccountLineOut, AccountOut, AgesOut, InsurerOut, NextDueOut, StatementOut
from payments.http.examples import ACCOUNT_CSV_EXAMPLE
from payments.http.scopes import PaymentsRead
from payments.http.shared_responses import money
from payments.persistence import account, clinics
from payments.use_cases.ask_now import ask_now

router = APIRouter(prefix="/v1/patients/{patient_id}", tags=["accounts"])
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
    "received_at",
)


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
    """A dependency: from which day to which a statement is; when not said, to today, in the clinic's zone.

    It is to the last day that anything is dated, then: a day that goes back with a time zone hides nothing.
    """

    def __init__(self, request: Request, from_date: From = None, to_date: To = None) -> None:
        require_in_order(from_date, to_date)
        self.first = from_date
        self._last = to_date
        self._now = request.app.state.resources.clock.now

    async def last(self, connection: AsyncConnection, clinic: Clinic, clinic_id: UUID, records: Sequence[UUID]) -> date:
        """Its last day."""
        today = self.today(clinic)
        return self._last or max(today, await account.last_day(connection, clinic_id, records) or today)

    def today(self, clinic: Clinic) -> date:
        """The clinic's day."""
        return clinic.today(self._now())

    def is_of_today(self, clinic: Clinic, last: date) -> bool:
        """Whether one of this last day ends today or later."""
        return last >= self.today(clinic)

    def filter(self, last: date) -> AccountFilter:
        """Its lines. Receipts change no balance: they are shown beside what they prove."""
        return AccountFilter(self.first, last, of_statement=True)


@router.get("/account", response_model=AccountOut, responses=problems(409, 422))
async def get_account(
    patient_id: UUID,
    read: PaymentsRead,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[Wanted, Depends()],
    order: Order = "oldest_first",
) -> Response:
    """Every invoice, note, payment, refund, cancellation and receipt in order, with the running balance (`PAY-9`).

    By day, and within a day as they were booked. The balance runs over all lines, whatever the filter shows. By
    whichever record of the register the patient is named, it is the account of all that are one patient (`ALL-10`).
    """
    after = paging.after_of(date, int)
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        records = await records_of(connection, read.clinic_id, patient_id)
        lines = await account.account_of(connection, read.clinic_id, records, wanted.filter, after, paging.fetch, order)
    page = paging.page(lines, lambda line: line.place, lambda line: AccountLineOut.of(line, clinic.currency))
    return read.answer(AccountOut.model_construct(patient_id=records[0], items=page.items, next=page.next))


@router.get("/account.csv", response_class=Response, responses=documented(ACCOUNT_CSV_EXAMPLE) | problems(409, 422))
async def get_account_csv(patient_id: UUID, read: PaymentsRead, wanted: Annotated[Wanted, Depends()]) -> Response:
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
    patient_id: UUID, read: PaymentsRead, paging: Annotated[Paging, Depends()], period: Annotated[Period, Depends()]
) -> Response:
    """A period of the account between its opening and its closing balance (`PAY-9`)."""
    after = paging.after_of(date, int)
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        opening = Balance()
        records = await records_of(connection, read.clinic_id, patient_id)
        last = await period.last(connection, clinic, read.clinic_id, records)
        closing = await account.balance_after(connection, read.clinic_id, records, last)
        if period.first:
            opening = await account.balance_before(connection, read.clinic_id, records, period.first)
        lines = await account.account_of(connection, read.clinic_id, records, period.filter(last), after, paging.fetch)
        asked = None
        if after is None and period.is_of_today(clinic, last):
            asked = await ask_now(connection, read.clinic_id, patient_id)
    page = paging.page(lines, lambda line: line.place, lambda line: AccountLineOut.of(line, clinic.currency))
    return read.answer(
        StatementOut.model_construct(
            patient_id=records[0],
            from_day=period.first,
            to_day=last,
            opening_balance=money(opening.minor, clinic.currency),
            closing_balance=money(closing.minor, clinic.currency),
            opening_insurers_credit=money(opening.insurers_credit_minor, clinic.currency),
            closing_insurers_credit=money(closing.insurers_credit_minor, clinic.currency),
            items=page.items,
            next=page.next,
            **_asked(asked, clinic.currency, period.today(clinic)),
        )
    )


def _asked(asked: AskedNow | None, currency: str, today: date) -> dict[str, Any]:
    """What a statement says of what is asked now: nothing on a further page, or of a period that is over."""
    if asked is None:
        return dict.fromkeys(("next_due", "insurers_to_pay", "insurers", "ageing"))
    return {
        "next_due": NextDueOut.of(asked.next, currency) if asked.next else None,
        "insurers_to_pay": money(asked.insurers_minor, currency),
        "insurers": [InsurerOut.of(*one, currency) for one in asked.of_each_insurer],
        "ageing": AgesOut.of(asked.aged(today), currency),
    }


@router.get("/statement.csv", response_class=Response, responses=documented(ACCOUNT_CSV_EXAMPLE) | problems(409, 422))
async def get_statement_csv(patient_id: UUID, read: PaymentsRead, period: Annotated[Period, Depends()]) -> Response:
    """A statement as CSV: the opening balance, each line, the closing balance, in this order (`PAY-9`).

    Without `from` it begins with the account: the opening balance is zero, and has no date.
    """
    clinic = await _clinic(read)

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with read as connection:
            balance, records = Balance(), await records_of(connection, read.clinic_id, patient_id)
            last = await period.last(connection, clinic, read.clinic_id, records)
            if period.first:
                balance = await account.balance_before(connection, read.clinic_id, records, period.first)
            yield _balance_row("opening_balance", period.first, balance, clinic.currency)
            async for line in account.streamed(connection, read.clinic_id, records, period.filter(last)):
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
        line.received_at.isoformat() if line.received_at else None,
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
