"""The journal for the accountant: trial balance, entries, and both as CSV (`PAY-12`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from itertools import groupby
from typing import Annotated, Any

from chassis.http import MoneyOut, Page, Paging, problems
from chassis.http.period import require_in_order
from chassis.http.spreadsheet import Cell, csv_answer, documented, said
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from payments.domain.journal import Account, Period, PostedEntry, Sums
from payments.http.examples import CSV_EXAMPLE
from payments.http.journal_responses import AccountKind, EntryOut, JournalAccountOut, PartOut, SumsOut, TrialBalanceOut
from payments.http.scopes import PaymentsRead
from payments.http.shared_responses import money
from payments.persistence import clinics, journal

router = APIRouter(tags=["journal"])
KINDS: dict[Account, AccountKind] = {
    "money": "asset",
    "receivable": "asset",
    "patient_credit": "liability",
    "taxes": "liability",
    "revenue": "income",
    "cash_rounding": "income",
    "credit_notes": "income",
    "write_offs": "income",
    "bad_debts": "expense",
    "refund_allowances": "income",
    "chargeback_losses": "expense",
    "insurer_adjustments": "expense",
    "interest_income": "income",
}
"""The chart of accounts; what lowers income (credit notes, write-offs, allowances) stands with it."""

PART = 250
COLUMNS = CSV_EXAMPLE.splitlines()[0].split(",")


class Days:
    """A dependency: which days are asked for, both included."""

    def __init__(
        self,
        from_: Annotated[
            Day | None, Query(alias="from", description="The first day; from the beginning without")
        ] = None,
        to: Annotated[Day | None, Query(description="The last day; all there is without")] = None,
    ) -> None:
        require_in_order(from_, to)
        self.period = Period(from_ or date.min, to or date.max)


@router.get("/v1/journal/trial-balance", response_model=TrialBalanceOut, responses=problems(409, 422))
async def get_trial_balance(read: PaymentsRead, days: Annotated[Days, Depends()]) -> Response:
    """Every account as the sum of its entries: opening, debits, credits, balance, by method and kind of payer.

    Without `from` it begins with the first entry, and every opening is zero.
    """
    async with read as connection:
        currency = (await clinics.clinic_of(connection, read.clinic_id)).currency
        rows = await journal.sums(connection, read.clinic_id, days.period)
    totals = _sums(rows, currency)
    balanced = totals["debits"] == totals["credits"] and not sum(row.balance for row in rows)
    period = days.period
    return read.answer(
        TrialBalanceOut.model_construct(
            from_=None if period.from_day == date.min else period.from_day,
            to=None if period.to_day == date.max else period.to_day,
            accounts=[_account(name, list(of), currency) for name, of in groupby(rows, lambda row: row.account)],
            totals=SumsOut.model_construct(**totals),
            balanced=balanced,
        )
    )


@router.get("/v1/journal/entries", response_model=Page[EntryOut], responses=problems(409, 422))
async def list_entries(
    read: PaymentsRead,
    paging: Annotated[Paging, Depends()],
    days: Annotated[Days, Depends()],
    account: Account | None = None,
) -> Response:
    """The entries of a period, by day, then as they were written."""
    after = paging.after_of(date, int)
    async with read as connection:
        currency = (await clinics.clinic_of(connection, read.clinic_id)).currency
        rows = await journal.entries(connection, read.clinic_id, days.period, account, after, paging.fetch)
    return read.answer(paging.page(rows, lambda row: (row.booked_on, row.entry_id), lambda row: _entry(row, currency)))


@router.get("/v1/journal/entries.csv", response_class=Response, responses=documented(CSV_EXAMPLE) | problems(409, 422))
async def export_entries(
    read: PaymentsRead, days: Annotated[Days, Depends()], account: Account | None = None
) -> Response:
    """The entries of a period as one CSV file, at one instant, however many there are."""
    async with read as connection:
        currency = (await clinics.clinic_of(connection, read.clinic_id)).currency
    period = days.period

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        after: tuple[date, int] | None = None
        async with read as connection:
            while part := await journal.entries(connection, read.clinic_id, period, account, after, PART):
                after = (part[-1].booked_on, part[-1].entry_id)
                for row in part:
                    yield _cells(row, currency)

    return await csv_answer(read, f"journal-{period.from_day}-{period.to_day}", COLUMNS, rows())


def _cells(row: PostedEntry, currency: str) -> list[Cell]:
    debit, credit = _sides(row.minor, currency)
    return [
        row.entry_id,
        row.booked_on.isoformat(),
        str(row.posting_id),
        row.kind,
        said(row.number),
        row.account,
        debit.amount if debit else "",
        credit.amount if credit else "",
        currency,
        row.method,
        row.payer_kind,
        *map(said, (row.patient_id, row.invoice_id, row.payment_id)),
    ]


def _entry(row: PostedEntry, currency: str) -> EntryOut:
    debit, credit = _sides(row.minor, currency)
    return EntryOut.named(row, debit=debit, credit=credit)


def _sides(minor: int, currency: str) -> tuple[MoneyOut | None, MoneyOut | None]:
    amount = money(abs(minor), currency)
    return (amount, None) if minor > 0 else (None, amount)


def _account(name: Account, rows: Sequence[Sums], currency: str) -> JournalAccountOut:
    parts = [
        PartOut.model_construct(method=row.method, payer_kind=row.payer_kind, **_sums([row], currency)) for row in rows
    ]
    entries = sum(row.entries for row in rows)
    return JournalAccountOut.model_construct(
        account=name, kind=KINDS[name], entries=entries, parts=parts, **_sums(rows, currency)
    )


def _sums(rows: Sequence[Sums], currency: str) -> dict[str, Any]:
    return {
        name: money(sum(getattr(row, name) for row in rows), currency)
        for name in ("opening", "debits", "credits", "balance")
    }
