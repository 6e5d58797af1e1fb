"""What requests about installment plans say (`PLN-1`)."""

from __future__ import annotations

from typing import Annotated, Any

from chassis.http import MoneyIn, RequestBody, money_in
from chassis.http.time import Day
from pydantic import ConfigDict, Field, StrictInt

from invoicing.domain.installment_schedule import INSTALLMENTS_MAX, Unit
from invoicing.domain.requested_schedule import RequestedInstallment, RequestedPlan, RequestedSchedule
from invoicing.http.field_types import Text
from invoicing.http.installment_plan_responses import RUNNING
from invoicing.http.line_requests import USD

MONTHLY: dict[str, Any] = {"count": 3, "first_due_date": "2027-01-31"}
EXAMPLES: list[Any] = [
    MONTHLY | {"down_payment": {"amount": {"amount": "280.00", **USD}}},
    {
        "amount_per_period": {"amount": "150.00", **USD},
        "first_due_date": "2027-01-04",
        "every": 2,
        "unit": "weeks",
    },
    {
        "installments": [
            {"amount": {"amount": "500.00", **USD}, "due_date": "2027-01-15"},
            {"amount": {"amount": "400.00", **USD}, "due_date": "2027-06-30"},
        ]
    },
]


NAMED: dict[str, Any] = {"outstanding": {"amount": "900.00", **USD}}


class DownPaymentIn(RequestBody):
    """What is paid before the installments; part of the whole."""

    amount: MoneyIn
    due_date: Day | None = None
    """Today, when left out."""


class GivenInstallmentIn(RequestBody):
    """An installment as it was agreed."""

    amount: MoneyIn
    due_date: Day


class DivisionIn(RequestBody):
    """How to divide what is outstanding: by `count`, by `amount_per_period`, or by `installments` (`PLN-1`)."""

    model_config = ConfigDict(json_schema_extra={"examples": EXAMPLES})

    count: Annotated[StrictInt | None, Field(ge=1, le=INSTALLMENTS_MAX)] = None
    """So many equal installments; what does not divide goes to the first ones, a minor unit each."""
    amount_per_period: MoneyIn | None = None
    """So much each time; the last one is the rest."""
    installments: Annotated[tuple[GivenInstallmentIn, ...], Field(max_length=INSTALLMENTS_MAX)] = ()
    """Each with its amount and date, ascending; with the down payment they sum to what is outstanding."""
    first_due_date: Day | None = None
    """The anchor: the k-th date is k periods after it, clamped to the month's end each time (31 January, 28 February,
    31 March)."""
    every: Annotated[StrictInt, Field(ge=1, le=366)] = 1
    """Every so many days, weeks or months."""
    unit: Unit = "months"
    down_payment: DownPaymentIn | None = None

    def to_domain(self) -> RequestedSchedule:
        """As the domain takes it. Raises Invalid."""
        down = self.down_payment
        return RequestedSchedule(
            count=self.count,
            amount_per_period=self.amount_per_period.to_money("amount_per_period") if self.amount_per_period else None,
            installments=tuple(
                RequestedInstallment(one.amount.to_money(f"installments[{index}].amount"), one.due_date)
                for index, one in enumerate(self.installments)
            ),
            first_due_date=self.first_due_date,
            every=self.every,
            unit=self.unit,
            down_payment=RequestedInstallment(down.amount.to_money("down_payment.amount"), down.due_date)
            if down
            else None,
        )


class AgreementIn(DivisionIn):
    """How a plan is to divide what is outstanding, and of an agreement that already runs, its past."""

    outstanding: MoneyIn | None = None
    """What is outstanding and divided, as it was shown: where it is another by now, that is said with 409 (`PLN-6`)."""
    agreed_on: Day | None = None
    """The day on which it was agreed, where it already runs: dates begin there. Today, when left out (`PLN-9`)."""
    already_paid: MoneyIn | None = None
    """What of the money settled on the invoice already belongs to it: divided too, it settles the oldest (`PLN-9`)."""

    def agreement(self) -> RequestedPlan:
        """As the domain takes it. Raises Invalid."""
        return RequestedPlan(
            division=self.to_domain(),
            outstanding=money_in(self.outstanding, "outstanding"),
            agreed_on=self.agreed_on,
            already_paid=money_in(self.already_paid, "already_paid"),
        )


class PlanIn(AgreementIn):
    """A new plan."""

    model_config = ConfigDict(json_schema_extra={"examples": [one | NAMED for one in EXAMPLES] + [RUNNING]})

    reason: Text | None = None
    """What it was agreed for."""


class ReschedulingIn(DivisionIn):
    """How the unpaid part is divided anew, and why (`PLN-5`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [one | NAMED | {"reason": "smaller steps"} for one in EXAMPLES]}
    )

    outstanding: MoneyIn | None = None
    """What is outstanding and divided, as it was shown: where it is another by now, that is said with 409 (`PLN-6`)."""
    reason: Text

    def agreement(self) -> RequestedPlan:
        """As the domain takes it. Raises Invalid."""
        return RequestedPlan(self.to_domain(), money_in(self.outstanding, "outstanding"))
