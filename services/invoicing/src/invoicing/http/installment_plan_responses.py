"""What responses about installment plans say, and an invoice with its plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from pydantic import ConfigDict

from invoicing.domain.installment import Cause, InstallmentKind, PlanVersion
from invoicing.domain.installment_balances import InstallmentBalance, InstallmentBalances, InstallmentState
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.installment_plan_filter import PlanState
from invoicing.domain.installment_schedule import Part
from invoicing.domain.invoice import Invoice
from invoicing.domain.procedure_cost import Cost, costs_of, fill
from invoicing.http.installment_plan_examples import (
    INVOICE_WITH_PLAN_EXAMPLE,
    PLAN_EXAMPLE,
    PLAN_PREVIEW_EXAMPLE,
    PLAN_SUMMARY_EXAMPLE,
)
from invoicing.http.invoice_responses import InvoiceOut
from invoicing.http.line_requests import USD

RUNNING: dict[str, Any] = {
    "installments": [
        {"amount": {"amount": "300.00", **USD}, "due_date": f"2026-{month}-15"} for month in ("09", "10", "11", "12")
    ],
    "agreed_on": "2026-09-01",
    "already_paid": {"amount": "300.00", **USD},
    "outstanding": {"amount": "900.00", **USD},
}


class PartOut(ResponseBody):
    """An installment that there would be."""

    position: int
    kind: InstallmentKind
    due_date: date
    amount: MoneyOut


class PlanPreviewOut(ResponseBody):
    """How what is outstanding would be divided."""

    model_config = ConfigDict(json_schema_extra={"example": PLAN_PREVIEW_EXAMPLE})

    outstanding: MoneyOut
    installments: list[PartOut]

    @classmethod
    def of(cls, invoice: Invoice, parts: Iterable[Part]) -> PlanPreviewOut:
        """As the wire has it."""
        currency = invoice.pricing.currency
        return cls(
            outstanding=money_out(invoice.outstanding, currency),
            installments=[
                PartOut(
                    position=position,
                    kind="down_payment" if part.is_down_payment else "installment",
                    due_date=part.due_date,
                    amount=money_out(part.amount, currency),
                )
                for position, part in enumerate(parts, start=1)
            ],
        )


class InstallmentOut(ResponseBody):
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
    def of(cls, one: InstallmentBalance, plan: InstallmentPlan, today: date) -> InstallmentOut:
        """As the wire has it."""
        return cls(**_standing(one, plan, today))


class CostOut(ResponseBody):
    """What an installment carries of a line of the invoice, or of a debit note."""

    line_id: UUID | None
    description: str
    amount: MoneyOut

    @classmethod
    def of(cls, cost: Cost, currency: str) -> CostOut:
        """As the wire has it."""
        return cls(line_id=cost.line_id, description=cost.description, amount=money_out(cost.amount, currency))


class CarryingInstallmentOut(InstallmentOut):
    """An installment, and the procedure costs that it carries."""

    costs: list[CostOut]
    """They sum to its amount; nothing once the plan has ended."""


class DecidedInstallmentOut(ResponseBody):
    """An installment as one version of the plan had it."""

    id: UUID
    position: int
    kind: InstallmentKind
    due_date: date
    amount: MoneyOut


class PlanVersionOut(ResponseBody):
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
                id=installment.id,
                position=installment.position,
                kind=installment.kind,
                due_date=installment.due_date,
                amount=money_out(installment.amount, currency),
            )
            for installment in version.installments
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


class PlanSummary(ResponseBody):
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
            settled_before=money_out(sum(cost.amount for cost in before), currency),
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


def waterfall(plan: InstallmentPlan, invoice: Invoice, standing: InstallmentBalances) -> Sequence[list[Cost]]:
    """What was settled before the plan comes first, then its installments in order, exact by row and by column."""
    if plan.ended:
        return [[] for _ in range(len(standing.installments) + 1)]
    costs = costs_of(invoice)
    before = sum(cost.amount for cost in costs) - standing.total
    return fill(costs, [max(0, before), *(installment.amount for installment in standing.installments)])


def _standing(one: InstallmentBalance, plan: InstallmentPlan, today: date) -> dict[str, Any]:
    installment = one.installment
    return {
        "id": installment.id,
        "position": installment.position,
        "kind": installment.kind,
        "due_date": installment.due_date,
        "amount": money_out(one.amount, plan.currency),
        "paid": money_out(one.paid, plan.currency),
        "remaining": money_out(one.remaining, plan.currency),
        "state": one.state(today, ended=plan.ended),
    }


def _members(plan: InstallmentPlan, standing: InstallmentBalances, today: date) -> dict[str, Any]:
    states = [installment.state(today, ended=plan.ended) for installment in standing.installments]
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
        "total": money_out(standing.total, plan.currency),
        "remaining": money_out(standing.remaining, plan.currency),
        "next_installment": next_installment(plan, today),
    }
