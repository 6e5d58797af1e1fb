"""How somebody wants an outstanding divided, as they say it: money with its currency, dates left out (`PLN-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.money import Money

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.division import Division, Part, Schedule, Unit
from invoicing.domain.errors import Invalid


@dataclass(frozen=True, slots=True)
class WantedPart:
    """An amount, and its day; a down payment without one is due today."""

    amount: Money
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class WantedDivision:
    """One of three ways, and perhaps a down payment; `every` and `unit` go with the first due date."""

    count: int | None = None
    amount_per_period: Money | None = None
    installments: tuple[WantedPart, ...] = ()
    first_due_date: date | None = None
    every: int = 1
    unit: Unit = "months"
    down_payment: WantedPart | None = None

    def parts(self, outstanding: int, settings: ClinicSettings, today: date) -> list[Part]:
        """The parts of this outstanding. Raises Invalid, WrongCurrency, naming the field."""
        each, down = self.amount_per_period, self.down_payment
        division = Division(
            currency=settings.currency,
            count=self.count,
            amount_per_period=settings.money(each, "amount_per_period") if each is not None else None,
            schedule=Schedule(self.first_due_date, self.every, self.unit) if self.first_due_date else None,
            given=tuple(_given(index, one, settings) for index, one in enumerate(self.installments)),
            down_payment=Part(down.due_date or today, settings.money(down.amount, "down_payment.amount"), True)
            if down
            else None,
        )
        return division.of(outstanding, today)


def _given(index: int, part: WantedPart, settings: ClinicSettings) -> Part:
    if part.due_date is None:
        raise Invalid(f"installments[{index}].due_date", "is needed")
    return Part(part.due_date, settings.money(part.amount, f"installments[{index}].amount"))
