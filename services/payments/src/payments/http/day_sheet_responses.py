"""Day sheets, periods of days, and the transactions that they are the sum of (`PAY-10`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from pydantic import ConfigDict, Field

from payments.domain.day_sheet import Booking
from payments.domain.transaction import Kind, Method
from payments.http.examples import BOOKING_EXAMPLE, DAY_SHEET_EXAMPLE, PERIOD_EXAMPLE
from payments.http.shared_responses import example_of, money


class FigureOut(ResponseBody):
    """How many transactions of one kind, and their sum."""

    count: int
    amount: MoneyOut


class FiguresOut(ResponseBody):
    """What transactions sum to; `net` is what came in less what was undone or went out."""

    payments: FigureOut
    refunds: FigureOut
    cancellations: FigureOut
    refund_cancellations: FigureOut
    chargebacks: FigureOut
    take_backs: FigureOut
    insurer_withheld: FigureOut
    insurer_added: FigureOut
    insurer_interest: FigureOut
    interest_taken_back: FigureOut
    take_back_cancellations: FigureOut
    net: MoneyOut


class CashOut(FiguresOut):
    """The same between what had moved before (`opening`) and what has moved with it (`closing`)."""

    opening: MoneyOut
    closing: MoneyOut


class MethodOut(CashOut):
    """The figures of one method."""

    method: Method
    method_label: str | None


class OfGroupOut(FiguresOut):
    """The figures of one payment group; of payments in no group where it is null."""

    group_id: UUID | None
    group_name: str | None


class DaySheetOut(ResponseBody):
    """A clinic's day (`PAY-10`)."""

    model_config = example_of(DAY_SHEET_EXAMPLE)

    date: date
    totals: CashOut
    by_method: list[MethodOut]
    by_group: list[OfGroupOut]


class DayOut(CashOut):
    """One day of a period."""

    date: date


class PeriodOut(ResponseBody):
    """The days of a period, each on which something was booked, and their sum."""

    model_config = example_of(PERIOD_EXAMPLE) | ConfigDict(populate_by_name=True)

    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    totals: CashOut
    by_method: list[MethodOut]
    by_group: list[OfGroupOut]
    days: list[DayOut]


class BookingOut(ResponseBody):
    """One transaction of a day, in the group it is counted in; an insurer's adjustment is the clinic's."""

    model_config = example_of(BOOKING_EXAMPLE)

    id: UUID
    kind: Kind
    patient_id: UUID
    payment_id: UUID
    amount: MoneyOut
    method: Method
    method_label: str | None
    group_id: UUID | None
    group_name: str | None
    reason_code: str | None
    reason: str | None
    external_reference: str | None
    recorded_at: datetime
    recorded_by: str
    receipt_number: str | None
    received_at: datetime | None
    """When a payment's money came in, which may be on another day than it was booked on; null for all else."""

    @classmethod
    def of(cls, booking: Booking, currency: str) -> BookingOut:
        """A transaction in the clinic's currency."""
        return cls.named(booking, id=booking.transaction_id, amount=money(booking.amount_minor, currency))
