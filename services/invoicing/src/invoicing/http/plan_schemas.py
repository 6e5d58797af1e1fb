"""What requests and answers about installment plans say (`PLN-1` to `PLN-5`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from chassis.http import MoneyIn, MoneyOut
from chassis.http.time import Day
from chassis.money import Money
from pydantic import ConfigDict, Field, StrictInt

from invoicing.domain.division import INSTALLMENTS_MAX, Part, Unit
from invoicing.domain.installment import Cause, InstallmentKind, PlanVersion
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.installment_standing import InstallmentState, Standing, StandingInstallment
from invoicing.domain.invoice import Invoice
from invoicing.domain.procedure_cost import Cost, costs_of, fill
from invoicing.domain.wanted_division import WantedAgreement, WantedDivision, WantedPart
from invoicing.http.answer import Answer, shown
from invoicing.http.plan_examples import (
    INVOICE_WITH_PLAN_EXAMPLE,
    PLAN_EXAMPLE,
    PLAN_PREVIEW_EXAMPLE,
    PLAN_SUMMARY_EXAMPLE,
)
from invoicing.http.request import Request, Text
from invoicing.http.shown import InvoiceOut
from invoicing.http.wanted import USD
from invoicing.persistence.installment_plans import PlanState

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
RUNNING: dict[str, Any] = {
    "installments": [
        {"amount": {"amount": "300.00", **USD}, "due_date": f"2026-{month}-15"} for month in ("09", "10", "11", "12")
    ],
    "agreed_on": "2026-09-01",
    "already_paid": {"amount": "300.00", **USD},
    "outstanding": {"amount": "900.00", **USD},
}


class DownPaymentIn(Request):
    """What is paid before the installments; part of the whole."""

    amount: MoneyIn
    due_date: Day | None = None
    """Today, when left out."""


class GivenInstallmentIn(Request):
    """An installment as it was agreed."""

    amount: MoneyIn
    due_date: Day


class DivisionIn(Request):
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

    def wanted(self) -> WantedDivision:
        """As the domain takes it. Raises Invalid."""
        down = self.down_payment
        return WantedDivision(
            count=self.count,
            amount_per_period=self.amount_per_period.to_money("amount_per_period") if self.amount_per_period else None,
            installments=tuple(
                WantedPart(one.amount.to_money(f"installments[{index}].amount"), one.due_date)
                for index, one in enumerate(self.installments)
            ),
            first_due_date=self.first_due_date,
            every=self.every,
            unit=self.unit,
            down_payment=WantedPart(down.amount.to_money("down_payment.amount"), down.due_date) if down else None,
        )


class AgreementIn(DivisionIn):
    """How a plan is to divide what is outstanding, and of an agreement that already runs, its past."""

    outstanding: MoneyIn | None = None
    """What is outstanding and divided, as it was shown: where it is another by now, that is said with 409 (`PLN-6`)."""
    agreed_on: Day | None = None
    """The day on which it was agreed, where it already runs: dates begin there. Today, when left out (`PLN-9`)."""
    already_paid: MoneyIn | None = None
    """What of the money settled on the invoice already belongs to it: divided too, it settles the oldest (`PLN-9`)."""

    def agreement(self) -> WantedAgreement:
        """As the domain takes it. Raises Invalid."""
        return WantedAgreement(
            division=self.wanted(),
            outstanding=_money(self.outstanding, "outstanding"),
            agreed_on=self.agreed_on,
            already_paid=_money(self.already_paid, "already_paid"),
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

    def agreement(self) -> WantedAgreement:
        """As the domain takes it. Raises Invalid."""
        return WantedAgreement(self.wanted(), _money(self.outstanding, "outstanding"))


def _money(given: MoneyIn | None, field: str) -> Money | None:
    return given.to_money(field) if given else None


class PartOut(Answer):
    """An installment that there would be."""

    position: int
    kind: InstallmentKind
    due_date: date
    amount: MoneyOut


class PlanPreviewOut(Answer):
    """How what is outstanding would be divided."""

    model_config = ConfigDict(json_schema_extra={"example": PLAN_PREVIEW_EXAMPLE})

    outstanding: MoneyOut
    installments: list[PartOut]

    @classmethod
    def of(cls, invoice: Invoice, parts: Iterable[Part]) -> PlanPreviewOut:
        """As the wire has it."""
        currency = invoice.pricing.currency
        return cls(
            outstanding=shown(invoice.outstanding, currency),
            installments=[
                PartOut(
                    position=position,
                    kind="down_payment" if part.is_down_payment else "installment",
                    due_date=part.due_date,
                    amount=shown(part.amount, currency),
                )
                for position, part in enumerate(parts, start=1)
            ],
        )


class InstallmentOut(Answer):
    """An installment as it stands today."""

    id: UUID
    position: int
    kind: InstallmentKind
    due_date: date
    amount: MoneyOut
    paid: MoneyOut
    remaining: MoneyOut
    """Derived from the payments, never stored (`PLN-3`)."""
    state: InstallmentState
    """By the clinic's calendar day; what is due or overdue is said before that it is partly paid (`PLN-4`)."""

    @classmethod
    def of(cls, one: StandingInstallment, plan: InstallmentPlan, today: date) -> InstallmentOut:
        """As the wire has it."""
        return cls(**_standing(one, plan, today))


class CostOut(Answer):
    """What an installment carries of a line of the invoice, or of a debit note."""

    line_id: UUID | None
    description: str
    amount: MoneyOut

    @classmethod
    def of(cls, cost: Cost, currency: str) -> CostOut:
        """As the wire has it."""
        return cls(line_id=cost.line_id, description=cost.description, amount=shown(cost.amount, currency))


class CarryingInstallmentOut(InstallmentOut):
    """An installment, and the procedure costs that it carries."""

    costs: list[CostOut]
    """They sum to its amount; nothing once the plan has ended."""


class DecidedInstallmentOut(Answer):
    """An installment as one version of the plan had it."""

    id: UUID
    position: int
    kind: InstallmentKind
    due_date: date
    amount: MoneyOut


class PlanVersionOut(Answer):
    """A version of the plan: what it was changed to, by whom and why; automatic changes included (`PLN-5`)."""

    version: int
    cause: Cause
    at: datetime
    by: str
    reason: str | None
    note_id: UUID | None
    """The credit or debit note that changed it by itself, or the one whose undoing did."""
    instead_of: int | None
    """The version in whose place it stands, as that did not know of a payment recorded before it (`PLN-6`)."""
    installments: list[DecidedInstallmentOut]

    @classmethod
    def of(cls, version: PlanVersion, currency: str) -> PlanVersionOut:
        """As the wire has it."""
        installments = [
            DecidedInstallmentOut(
                id=one.id,
                position=one.position,
                kind=one.kind,
                due_date=one.due_date,
                amount=shown(one.amount, currency),
            )
            for one in version.installments
        ]
        return cls(
            version=version.number,
            cause=version.cause,
            at=version.at,
            by=version.by,
            reason=version.reason,
            note_id=version.note_id,
            instead_of=version.instead_of,
            installments=installments,
        )


class PlanSummary(Answer):
    """A plan in a list."""

    model_config = ConfigDict(json_schema_extra={"example": PLAN_SUMMARY_EXAMPLE})

    id: UUID
    invoice_id: UUID
    invoice_number: str
    patient_id: UUID
    state: PlanState
    """`completed` while nothing of it is unpaid; a cancelled payment makes it `active` again."""
    overdue: bool
    """One of its installments is."""
    version: int
    agreed_on: date
    total: MoneyOut
    remaining: MoneyOut
    next_installment: InstallmentOut | None
    """The oldest that is unpaid, while the plan lives."""

    @classmethod
    def of(cls, plan: InstallmentPlan, today: date) -> PlanSummary:
        """As the wire has it."""
        return cls(**_members(plan, plan.standing(), today))


class PlanOut(PlanSummary):
    """A plan: its installments with what each carries and what of it is paid, and every version that it had."""

    model_config = ConfigDict(json_schema_extra={"example": PLAN_EXAMPLE})

    installments: list[CarryingInstallmentOut]
    settled_before: MoneyOut
    """What was settled on the invoice outside the plan: before it was agreed."""
    settled_before_costs: list[CostOut]
    """Which costs that carried: they are filled first."""
    versions: list[PlanVersionOut]

    @classmethod
    def whole(cls, plan: InstallmentPlan, invoice: Invoice, today: date) -> PlanOut:
        """As the wire has it."""
        standing, currency = plan.standing(), plan.currency
        before, *carried = waterfall(plan, invoice, standing)
        installments = [
            CarryingInstallmentOut(**_standing(one, plan, today), costs=[CostOut.of(cost, currency) for cost in own])
            for one, own in zip(standing.installments, carried, strict=True)
        ]
        return cls(
            **_members(plan, standing, today),
            installments=installments,
            settled_before=shown(sum(cost.amount for cost in before), currency),
            settled_before_costs=[CostOut.of(cost, currency) for cost in before],
            versions=[PlanVersionOut.of(version, currency) for version in plan.versions],
        )


class InvoiceWithPlan(InvoiceOut):
    """An invoice's whole story, and what of its live plan comes next."""

    model_config = ConfigDict(json_schema_extra={"example": INVOICE_WITH_PLAN_EXAMPLE})

    next_installment: InstallmentOut | None
    """The oldest that is unpaid, where the invoice has a live plan (`PLN-3`)."""


def next_installment(plan: InstallmentPlan, today: date) -> InstallmentOut | None:
    """The oldest installment that is unpaid, while the plan lives."""
    following = None if plan.ended else plan.standing().next
    return InstallmentOut.of(following, plan, today) if following else None


def waterfall(plan: InstallmentPlan, invoice: Invoice, standing: Standing) -> Sequence[list[Cost]]:
    """What was settled before the plan comes first, then its installments in order, exact by row and by column."""
    if plan.ended:
        return [[] for _ in range(len(standing.installments) + 1)]
    costs = costs_of(invoice)
    before = sum(cost.amount for cost in costs) - standing.total
    return fill(costs, [max(0, before), *(one.amount for one in standing.installments)])


def _standing(one: StandingInstallment, plan: InstallmentPlan, today: date) -> dict[str, Any]:
    installment = one.installment
    return {
        "id": installment.id,
        "position": installment.position,
        "kind": installment.kind,
        "due_date": installment.due_date,
        "amount": shown(one.amount, plan.currency),
        "paid": shown(one.paid, plan.currency),
        "remaining": shown(one.remaining, plan.currency),
        "state": one.state(today, ended=plan.ended),
    }


def _members(plan: InstallmentPlan, standing: Standing, today: date) -> dict[str, Any]:
    states = [one.state(today, ended=plan.ended) for one in standing.installments]
    live: PlanState = "active" if standing.remaining else "completed"
    return {
        "id": plan.id,
        "invoice_id": plan.invoice_id,
        "invoice_number": plan.invoice_number,
        "patient_id": plan.patient_id,
        "state": "cancelled" if plan.ended else live,
        "overdue": "overdue" in states,
        "version": plan.version,
        "agreed_on": plan.agreed_on,
        "total": shown(standing.total, plan.currency),
        "remaining": shown(standing.remaining, plan.currency),
        "next_installment": next_installment(plan, today),
    }
