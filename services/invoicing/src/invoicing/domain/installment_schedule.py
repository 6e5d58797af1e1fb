"""Three ways to divide what an invoice asks for: equal, so much per period, or given amounts and dates (`PLN-1`)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from chassis.clock import LAST_DAY
from chassis.money import Money, split_by_largest_remainder
from chassis.sentence import Sentence

from invoicing.domain.errors import Invalid

Unit = Literal["days", "weeks", "months"]
INSTALLMENTS_MAX = 360
"""Of one plan: thirty years of months."""


@dataclass(frozen=True, slots=True)
class Recurrence:
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
            raise Invalid("every", Sentence("the dates go beyond {last}", last=LAST_DAY))
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
class InstallmentSchedule:
    """How an outstanding is to be divided; one of `count`, `amount_per_period` and `given`. Amounts are minor units."""

    currency: str
    count: int | None = None
    amount_per_period: int | None = None
    schedule: Recurrence | None = None
    given: tuple[Part, ...] = ()
    down_payment: Part | None = None
    step: int = 1
    """What cash is rounded to: all but the last are multiples of it (`MON-12`)."""

    def of(self, outstanding: int, agreed_on: date) -> list[Part]:
        """The parts by due date, none before the day of agreement; they sum to `outstanding` exactly, none is zero.

        Raises Invalid naming the field.
        """
        ways = (self.count is not None, self.amount_per_period is not None, bool(self.given))
        if sum(ways) != 1:
            raise Invalid("count", "divide in one way: by count, by amount_per_period or by installments")
        left = outstanding - self._down(outstanding, agreed_on)
        parts = self._given(left, agreed_on) if self.given else self._regular(left, agreed_on)
        if self.down_payment is None:
            return parts
        if self.down_payment.due_date > parts[0].due_date:
            raise Invalid(
                "down_payment.due_date", Sentence("is after the first installment's {day}", day=parts[0].due_date)
            )
        return [self.down_payment, *parts]

    def _down(self, outstanding: int, agreed_on: date) -> int:
        if self.down_payment is None:
            return 0
        amount = self.down_payment.amount
        if not 0 < amount < outstanding:
            raise Invalid(
                "down_payment.amount",
                Sentence("is above zero and below the {amount} outstanding", amount=self._money(outstanding)),
            )
        self._require_step(amount, "down_payment.amount")
        if self.down_payment.due_date < agreed_on:
            raise Invalid("down_payment.due_date", _before(agreed_on))
        return amount

    def _regular(self, left: int, agreed_on: date) -> list[Part]:
        if self.schedule is None:
            raise Invalid("first_due_date", "is needed, unless every date is given")
        if self.schedule.anchor < agreed_on:
            raise Invalid("first_due_date", _before(agreed_on))
        amounts = self._equal(left) if self.count is not None else self._per_period(left)
        return [Part(self.schedule.day(k), amount) for k, amount in enumerate(amounts)]

    def _equal(self, left: int) -> list[int]:
        count = self.count or 0
        if not 1 <= count <= INSTALLMENTS_MAX:
            raise Invalid("count", Sentence("is from 1 to {most}", most=INSTALLMENTS_MAX))
        steps = -(-left // self.step)
        if count > steps:
            raise Invalid(
                "count",
                Sentence(
                    "{amount} cannot be divided into {count} installments of at least {least}",
                    amount=self._money(left),
                    count=count,
                    least=self._money(self.step),
                ),
            )
        amounts = [share * self.step for share in split_by_largest_remainder(steps, [1] * count)]
        amounts[-1] -= steps * self.step - left
        return amounts

    def _per_period(self, left: int) -> list[int]:
        each = self.amount_per_period or 0
        if each <= 0:
            raise Invalid("amount_per_period", "is above zero")
        self._require_step(each, "amount_per_period")
        count = -(-left // each)
        if count > INSTALLMENTS_MAX:
            raise Invalid(
                "amount_per_period",
                Sentence("would make {count} installments, {most} are the most", count=count, most=INSTALLMENTS_MAX),
            )
        return [each] * (count - 1) + [left - each * (count - 1)]

    def _given(self, left: int, agreed_on: date) -> list[Part]:
        if self.schedule is not None:
            raise Invalid("first_due_date", "is not said where every date is given")
        earliest = agreed_on
        for index, part in enumerate(self.given):
            if part.amount <= 0:
                raise Invalid(f"installments[{index}].amount", "is above zero")
            if part.due_date < earliest:
                what = Sentence("is before {day}: dates ascend, from the day of agreement on", day=earliest)
                raise Invalid(f"installments[{index}].due_date", what)
            earliest = part.due_date + timedelta(days=1) if part.due_date < date.max else date.max
        given = sum(part.amount for part in self.given)
        if given != left:
            what = Sentence(
                "sum to {sum}, and {amount} is to be divided", sum=self._money(given), amount=self._money(left)
            )
            raise Invalid("installments", what)
        for index, part in enumerate(self.given[:-1]):
            self._require_step(part.amount, f"installments[{index}].amount")
        return list(self.given)

    def _require_step(self, amount: int, field: str) -> None:
        if amount % self.step:
            raise Invalid(
                field, Sentence("cash is rounded to {step} here: say a multiple of it", step=self._money(self.step))
            )

    def _money(self, minor: int) -> Money:
        return Money(minor, self.currency)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a person had something divided, with no date before `earliest`: it is divided so again (`PLN-6`)."""

    division: InstallmentSchedule
    earliest: date

    def parts(self, outstanding: int) -> list[Part]:
        """The parts of this outstanding, in minor units. Raises Invalid naming the field."""
        return self.division.of(outstanding, self.earliest)


def _before(agreed_on: date) -> str:
    return Sentence(
        "is before {agreed_on}, the day of agreement; one that already runs says when it was agreed (agreed_on)",
        agreed_on=agreed_on,
    )
