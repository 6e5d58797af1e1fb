"""How somebody wants an outstanding divided, as they say it: money with its currency, dates left out (`PLN-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.money import Money
from chassis.sentence import Sentence

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import Invalid
from invoicing.domain.installment_schedule import InstallmentSchedule, Part, Recurrence, Terms, Unit
from invoicing.domain.plan_errors import OutstandingChanged


@dataclass(frozen=True, slots=True)
class RequestedInstallment:
    """An amount, and its day; a down payment without one is due today."""

    amount: Money
    due_date: date | None = None


@dataclass(frozen=True, slots=True)
class RequestedSchedule:
    """One of three ways, and perhaps a down payment; `every` and `unit` go with the first due date."""

    count: int | None = None
    amount_per_period: Money | None = None
    installments: tuple[RequestedInstallment, ...] = ()
    first_due_date: date | None = None
    every: int = 1
    unit: Unit = "months"
    down_payment: RequestedInstallment | None = None

    def terms(self, settings: ClinicSettings, agreed_on: date) -> Terms:
        """How it is to be divided, from the day of agreement on. Raises Invalid, WrongCurrency, by field."""
        each, down = self.amount_per_period, self.down_payment
        division = InstallmentSchedule(
            currency=settings.currency,
            count=self.count,
            amount_per_period=settings.money(each, "amount_per_period") if each is not None else None,
            schedule=Recurrence(self.first_due_date, self.every, self.unit) if self.first_due_date else None,
            given=tuple(_given(index, one, settings) for index, one in enumerate(self.installments)),
            down_payment=Part(down.due_date or agreed_on, settings.money(down.amount, "down_payment.amount"), True)
            if down
            else None,
            step=settings.cash_rounding_to,
        )
        return Terms(division, agreed_on)


@dataclass(frozen=True, slots=True)
class RequestedPlan:
    """What a plan is to divide and how: the outstanding that was seen; of an agreement that already runs, its past."""

    division: RequestedSchedule
    outstanding: Money | None = None
    agreed_on: date | None = None
    already_paid: Money | None = None

    def day(self, today: date) -> date:
        """The day of agreement: today, where nothing else is said. Raises Invalid (`PLN-9`)."""
        if self.agreed_on is not None and self.agreed_on > today:
            raise Invalid("agreed_on", Sentence("is after today, {today}", today=today))
        return self.agreed_on or today

    def included(self, settled: int, settings: ClinicSettings) -> int:
        """What of the money that is settled belongs to the plan, in minor units. Raises Invalid, WrongCurrency."""
        if self.already_paid is None:
            return 0
        paid = settings.money(self.already_paid, "already_paid")
        if not 0 <= paid <= settled:
            raise Invalid(
                "already_paid",
                Sentence("is at most the {amount} settled on the invoice", amount=Money(settled, settings.currency)),
            )
        return paid

    def require_seen(self, outstanding: int, settings: ClinicSettings) -> None:
        """See that what is outstanding is what was seen, where that is said. Raises OutstandingChanged (`PLN-6`)."""
        if self.outstanding is not None and settings.money(self.outstanding, "outstanding") != outstanding:
            raise OutstandingChanged(Money(outstanding, settings.currency))


def _given(index: int, part: RequestedInstallment, settings: ClinicSettings) -> Part:
    if part.due_date is None:
        raise Invalid(f"installments[{index}].due_date", "is needed")
    return Part(part.due_date, settings.money(part.amount, f"installments[{index}].amount"))
