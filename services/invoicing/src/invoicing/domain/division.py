"""Three ways to divide what an invoice asks for: equal, so much per period, or given amounts and dates (`PLN-1`)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from chassis.clock import LAST_DAY
from chassis.money import Money, split_by_largest_remainder

from invoicing.domain.errors import Invalid

Unit = Literal["days", "weeks", "months"]
INSTALLMENTS_MAX = 360
"""Of one plan: thirty years of months."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Every so many days, weeks or months from an anchor, which is the first due date."""

    anchor: date
    every: int = 1
    unit: Unit = "months"

    def day(self, k: int) -> date:
        """The anchor + k periods, clamped to the month's end each time from the anchor. Raises Invalid.

        From 31 January: 28 February, 31 March.
        """
        try:
            day = self._day(k * self.every)
        except (ValueError, OverflowError):
            day = date.max
        if day > LAST_DAY:
            raise Invalid("every", f"the dates go beyond {LAST_DAY}")
        return day

    def _day(self, steps: int) -> date:
        if self.unit == "days":
            return self.anchor + timedelta(days=steps)
        if self.unit == "weeks":
            return self.anchor + timedelta(weeks=steps)
        years, month = divmod(self.anchor.month - 1 + steps, 12)
        year = self.anchor.year + years
        return date(year, month + 1, min(self.anchor.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Part:
    """So much on such a day, in minor units."""

    due_date: date
    amount: int
    is_down_payment: bool = False


@dataclass(frozen=True, slots=True)
class Division:
    """How an outstanding is to be divided; one of `count`, `amount_per_period` and `given`. Amounts are minor units."""

    currency: str
    count: int | None = None
    amount_per_period: int | None = None
    schedule: Schedule | None = None
    given: tuple[Part, ...] = ()
    down_payment: Part | None = None

    def of(self, outstanding: int, today: date) -> list[Part]:
        """The parts by due date; they sum to `outstanding` exactly, none is zero. Raises Invalid naming the field."""
        ways = (self.count is not None, self.amount_per_period is not None, bool(self.given))
        if sum(ways) != 1:
            raise Invalid("count", "divide in one way: by count, by amount_per_period or by installments")
        left = outstanding - self._down(outstanding, today)
        parts = self._given(left, today) if self.given else self._regular(left, today)
        if self.down_payment is None:
            return parts
        if self.down_payment.due_date > parts[0].due_date:
            raise Invalid("down_payment.due_date", f"is after the first installment's {parts[0].due_date}")
        return [self.down_payment, *parts]

    def _down(self, outstanding: int, today: date) -> int:
        if self.down_payment is None:
            return 0
        amount = self.down_payment.amount
        if not 0 < amount < outstanding:
            raise Invalid("down_payment.amount", f"is above zero and below the {self._money(outstanding)} outstanding")
        if self.down_payment.due_date < today:
            raise Invalid("down_payment.due_date", f"is before today, {today}")
        return amount

    def _regular(self, left: int, today: date) -> list[Part]:
        if self.schedule is None:
            raise Invalid("first_due_date", "is needed, unless every date is given")
        if self.schedule.anchor < today:
            raise Invalid("first_due_date", f"is before today, {today}")
        amounts = self._equal(left) if self.count is not None else self._per_period(left)
        return [Part(self.schedule.day(k), amount) for k, amount in enumerate(amounts)]

    def _equal(self, left: int) -> list[int]:
        count = self.count or 0
        if not 1 <= count <= INSTALLMENTS_MAX:
            raise Invalid("count", f"is from 1 to {INSTALLMENTS_MAX}")
        if count > left:
            raise Invalid("count", f"{self._money(left)} cannot be divided into {count} installments above zero")
        return split_by_largest_remainder(left, [1] * count)

    def _per_period(self, left: int) -> list[int]:
        each = self.amount_per_period or 0
        if each <= 0:
            raise Invalid("amount_per_period", "is above zero")
        count = -(-left // each)
        if count > INSTALLMENTS_MAX:
            raise Invalid("amount_per_period", f"would make {count} installments, {INSTALLMENTS_MAX} are the most")
        return [each] * (count - 1) + [left - each * (count - 1)]

    def _given(self, left: int, today: date) -> list[Part]:
        if self.schedule is not None:
            raise Invalid("first_due_date", "is not said where every date is given")
        earliest = today
        for index, part in enumerate(self.given):
            if part.amount <= 0:
                raise Invalid(f"installments[{index}].amount", "is above zero")
            if part.due_date < earliest:
                what = f"is before {earliest}: dates ascend, from today on"
                raise Invalid(f"installments[{index}].due_date", what)
            earliest = part.due_date + timedelta(days=1) if part.due_date < date.max else date.max
        given = sum(part.amount for part in self.given)
        if given != left:
            what = f"sum to {self._money(given)}, and {self._money(left)} is to be divided"
            raise Invalid("installments", what)
        return list(self.given)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.currency)
