"""Day sheets and periods of days, with what they are the sum of, also as CSV (`PAY-10`)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from chassis.http import Invalid, Page, Paging, Read, problems
from chassis.http.period import require_in_order
from chassis.http.spreadsheet import Cell, csv_answer, documented, minor_units, said, several
from chassis.http.time import Day
from chassis.sentence import Sentence
from fastapi import APIRouter, Depends, Query, Response

from payments.domain.day_sheet import Booking, BookingFilter, Cash, Total
from payments.domain.transaction import CASH_SIGNS, Kind, Method
from payments.http.day_sheet_responses import (
    BookingOut,
    CashOut,
    DayOut,
    DaySheetOut,
    FigureOut,
    FiguresOut,
    MethodOut,
    OfGroupOut,
    PeriodOut,
)
from payments.http.examples import (
    BOOKINGS_CSV_EXAMPLE,
    TOTALS_CSV_EXAMPLE,
)
from payments.http.scopes import PaymentsRead
from payments.http.shared_responses import money
from payments.persistence import clinics, day_sheets

router = APIRouter(prefix="/v1/day-sheets", tags=["day sheets"])

PERIOD_DAYS_MAX = 400
_KINDS: dict[str, Kind] = {
    "payments": "payment",
    "refunds": "refund",
    "cancellations": "cancellation",
    "refund_cancellations": "refund_cancellation",
    "chargebacks": "chargeback",
    "take_backs": "take_back",
    "insurer_withheld": "insurer_withheld",
    "insurer_added": "insurer_added",
    "insurer_interest": "insurer_interest",
    "interest_taken_back": "interest_taken_back",
    "take_back_cancellations": "take_back_cancellation",
}
Key = TypeVar("Key")


class Period:
    """A dependency: from which day to which."""

    def __init__(self, first: Annotated[Day, Query(alias="from")], last: Annotated[Day, Query(alias="to")]) -> None:
        require_in_order(first, last)
        if last - first >= timedelta(days=PERIOD_DAYS_MAX):
            raise Invalid("to", Sentence("is {most} days or more after `from`", most=PERIOD_DAYS_MAX))
        self.first = first
        self.last = last


class WantedBookings:
    """A dependency: which transactions of a day."""

    def __init__(
        self,
        kind: Kind | None = None,
        method: Method | None = None,
        method_label: Annotated[str | None, Query(max_length=60)] = None,
        group_id: UUID | None = None,
        in_a_group: Annotated[bool | None, Query(description="false: those of payments in no group")] = None,
    ) -> None:
        self._wanted = BookingFilter(kind, method, method_label, group_id, in_a_group)

    def after(self, transaction_id: UUID | None = None) -> BookingFilter:
        """Those that follow one."""
        return replace(self._wanted, after=transaction_id)


@router.get("", response_model=PeriodOut, responses=problems(409, 422))
async def get_period(period: Annotated[Period, Depends()], read: PaymentsRead) -> Response:
    """A period, day by day and in sum, between its opening and its closing cash; at most 400 days (`PAY-10`).

    Groups have the names and places that they had when its last day ended.
    """
    currency, totals, cash = await _read(read, period.first, period.last)
    return read.answer(_period(period, currency, totals, cash))


@router.get(".csv", response_class=Response, responses=documented(TOTALS_CSV_EXAMPLE) | problems(409, 422))
async def get_period_csv(period: Annotated[Period, Depends()], read: PaymentsRead) -> Response:
    """A period as CSV: in sum, by method, by group, and by day (`PAY-10`)."""
    currency, totals, cash = await _read(read, period.first, period.last)
    sheet = _period(period, currency, totals, cash)
    rows = [*_total_rows(None, sheet, currency), *(_figures_row(day.date, "day", day, currency) for day in sheet.days)]
    return await csv_answer(read, "day-sheets", TOTAL_COLUMNS, several(rows))


@router.get("/{day}", response_model=DaySheetOut, responses=problems(409, 422))
async def get_day_sheet(day: Day, read: PaymentsRead) -> Response:
    """Totals by method and by group of what was booked on a day, which is the clinic's calendar day (`PAY-10`).

    `opening` and `closing` are the cash of a method before and after the day: all that ever came in by it less what
    went out. A payment that is put into another group later keeps its place on a past day's sheet, and a group that is
    renamed or moved later keeps its name and place on it. What began before midnight and waited for locks is booked on
    the day that ended: five minutes after midnight the sheet is final, unless the clinic's time zone is moved west.
    """
    currency, totals, cash = await _read(read, day, day)
    return read.answer(_sheet(day, currency, totals, cash))


@router.get("/{day}/totals.csv", response_class=Response, responses=documented(TOTALS_CSV_EXAMPLE) | problems(409, 422))
async def get_day_sheet_csv(day: Day, read: PaymentsRead) -> Response:
    """A day sheet as CSV: in sum, by method, by group (`PAY-10`)."""
    currency, totals, cash = await _read(read, day, day)
    rows = _total_rows(day, _sheet(day, currency, totals, cash), currency)
    return await csv_answer(read, f"day-sheet-{day}", TOTAL_COLUMNS, several(rows))


@router.get("/{day}/transactions", response_model=Page[BookingOut], responses=problems(409, 422))
async def get_bookings(
    day: Day, read: PaymentsRead, paging: Annotated[Paging, Depends()], wanted: Annotated[WantedBookings, Depends()]
) -> Response:
    """The transactions that a day's sheet is the sum of, by kind, method and group (`PAY-10`)."""
    after = paging.after_value(UUID)
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        found = await day_sheets.bookings(connection, read.clinic_id, day, wanted.after(after), paging.fetch)
    return read.answer(
        paging.page(
            found, lambda booking: (booking.transaction_id,), lambda booking: BookingOut.of(booking, clinic.currency)
        )
    )


@router.get(
    "/{day}/transactions.csv", response_class=Response, responses=documented(BOOKINGS_CSV_EXAMPLE) | problems(409, 422)
)
async def get_bookings_csv(day: Day, read: PaymentsRead, wanted: Annotated[WantedBookings, Depends()]) -> Response:
    """The transactions of a day as CSV (`PAY-10`)."""
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)

    async def rows() -> AsyncIterator[Sequence[Cell]]:
        async with read as connection:
            async for booking in day_sheets.streamed(connection, read.clinic_id, day, wanted.after()):
                yield _booking_row(booking, clinic.currency)

    return await csv_answer(read, f"transactions-{day}", BOOKING_COLUMNS, rows())


async def _read(read: Read, first: date, last: date) -> tuple[str, list[Total], list[Cash]]:
    """The currency, what was booked, and the cash that stood before; at one instant."""
    async with read as connection:
        clinic = await clinics.clinic_of(connection, read.clinic_id)
        totals = await day_sheets.totals(connection, read.clinic_id, first, last)
        cash = await day_sheets.cash_before(connection, read.clinic_id, first)
    return clinic.currency, totals, cash


def _sheet(day: date, currency: str, totals: list[Total], cash: list[Cash]) -> DaySheetOut:
    return DaySheetOut.model_construct(date=day, **_sums(currency, totals, cash))


def _period(period: Period, currency: str, totals: list[Total], cash: list[Cash]) -> PeriodOut:
    opening = sum(held.minor for held in cash)
    days: list[DayOut] = []
    for day, of_day in _grouped(totals, lambda total: total.booked_on).items():
        days.append(DayOut.model_construct(date=day, **_cash(of_day, opening, currency)))
        opening += _net(of_day)
    sums = _sums(currency, totals, cash)
    return PeriodOut.model_construct(first=period.first, last=period.last, days=days, **sums)


def _sums(currency: str, totals: list[Total], cash: list[Cash]) -> dict[str, Any]:
    before = {(held.method, held.method_label): held.minor for held in cash}
    by_method = _grouped(totals, lambda total: (total.method, total.method_label))
    methods = sorted(
        {key for key, minor in before.items() if minor} | by_method.keys(), key=lambda key: (key[0], key[1] or "")
    )
    by_group = _grouped(sorted(totals, key=_place_of_group), lambda total: (total.group_id, total.group_name))
    return {
        "totals": CashOut.model_construct(**_cash(totals, sum(before.values()), currency)),
        "by_method": [
            MethodOut.model_construct(
                method=key[0], method_label=key[1], **_cash(by_method.get(key, []), before.get(key, 0), currency)
            )
            for key in methods
        ],
        "by_group": [
            OfGroupOut.model_construct(group_id=key[0], group_name=key[1], **_figures(of_group, currency))
            for key, of_group in by_group.items()
        ],
    }


def _place_of_group(total: Total) -> tuple[bool, int, str]:
    """In the clinic's order; what is in no group comes last."""
    return total.group_id is None, total.group_position or 0, (total.group_name or "").lower()


def _cash(totals: Sequence[Total], opening: int, currency: str) -> dict[str, Any]:
    return _figures(totals, currency) | {
        "opening": money(opening, currency),
        "closing": money(opening + _net(totals), currency),
    }


def _figures(totals: Sequence[Total], currency: str) -> dict[str, Any]:
    figures: dict[str, Any] = {"net": money(_net(totals), currency)}
    for name, kind in _KINDS.items():
        count = sum(total.count for total in totals if total.kind == kind)
        minor = sum(total.minor for total in totals if total.kind == kind)
        figures[name] = FigureOut.model_construct(count=count, amount=money(minor, currency))
    return figures


def _net(totals: Iterable[Total]) -> int:
    return sum(CASH_SIGNS[total.kind] * total.minor for total in totals)


def _grouped(totals: Iterable[Total], key: Callable[[Total], Key]) -> dict[Key, list[Total]]:
    found: dict[Key, list[Total]] = {}
    for total in totals:
        found.setdefault(key(total), []).append(total)
    return found


TOTAL_COLUMNS = (
    "date",
    "by",
    "method",
    "method_label",
    "group_id",
    "group_name",
    "opening",
    *(column for name in list(_KINDS)[:5] for column in (f"{name}_count", name)),
    "net",
    "closing",
    "currency",
    *(column for name in list(_KINDS)[5:] for column in (f"{name}_count", name)),
)
BOOKING_COLUMNS = (
    "recorded_at kind amount net currency method method_label group_name receipt_number reason external_reference "
    "recorded_by id payment_id patient_id group_id reason_code received_at"
).split()


def _total_rows(day: date | None, sheet: DaySheetOut | PeriodOut, currency: str) -> Iterator[Sequence[Cell]]:
    yield _figures_row(day, "total", sheet.totals, currency)
    yield from (_figures_row(day, "method", method, currency) for method in sheet.by_method)
    yield from (_figures_row(day, "group", group, currency) for group in sheet.by_group)


def _figures_row(day: date | None, by: str, figures: FiguresOut, currency: str) -> Sequence[Cell]:
    cells: dict[str, Cell] = {"date": day.isoformat() if day else None, "by": by, "currency": currency}
    cells["net"] = figures.net.amount
    for name in _KINDS:
        cells |= {f"{name}_count": getattr(figures, name).count, name: getattr(figures, name).amount.amount}
    if isinstance(figures, CashOut):
        cells |= {"opening": figures.opening.amount, "closing": figures.closing.amount}
    if isinstance(figures, MethodOut):
        cells |= {"method": figures.method, "method_label": said(figures.method_label)}
    if isinstance(figures, OfGroupOut):
        cells |= {"group_id": said(figures.group_id), "group_name": said(figures.group_name)}
    return tuple(cells.get(column) for column in TOTAL_COLUMNS)


def _booking_row(booking: Booking, currency: str) -> Sequence[Cell]:
    return (
        booking.recorded_at.isoformat(),
        booking.kind,
        minor_units(booking.amount_minor, currency),
        minor_units(CASH_SIGNS[booking.kind] * booking.amount_minor, currency),
        currency,
        booking.method,
        said(booking.method_label),
        said(booking.group_name),
        said(booking.receipt_number),
        said(booking.reason),
        said(booking.external_reference),
        said(booking.recorded_by),
        str(booking.transaction_id),
        str(booking.payment_id),
        str(booking.patient_id),
        said(booking.group_id),
        said(booking.reason_code),
        booking.received_at.isoformat() if booking.received_at else None,
    )
