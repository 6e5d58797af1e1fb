"""What responses about treatment plans say (`INV-10`)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.members import Members
from pydantic import ConfigDict

from invoicing.domain.claim import ActDetails
from invoicing.domain.invoice import FrozenInvoice
from invoicing.domain.line_shares import LineShare
from invoicing.domain.treatment_plan import ListedPlan, PlanItem
from invoicing.http.treatment_plan_examples import PLAN_EXAMPLE, PLAN_SUMMARY_EXAMPLE
from invoicing.use_cases.report_treatment_plan import PlanReport, ReportedItem


class PlanSummary(ResponseBody):
    """An accepted treatment plan in a list."""

    model_config = ConfigDict(json_schema_extra={"example": PLAN_SUMMARY_EXAMPLE})

    treatment_plan_id: UUID
    patient_id: UUID
    name: str
    accepted_at: datetime
    items: int
    invoiced_items: int
    """Items on an invoice or a draft."""
    done_items: int
    """Items whose procedure was completed."""
    planned: MoneyOut | None
    """The fees that the patient accepted, in sum, those in the clinic's currency; null for a plan without items."""

    @classmethod
    def of(cls, plan: ListedPlan) -> PlanSummary:
        """As the wire has it."""
        planned = money_out(plan.fee_minor, plan.fee_currency) if plan.items and plan.fee_currency else None
        return cls(**_LISTED.of(plan), planned=planned)


_LISTED = Members(PlanSummary, ListedPlan)


class SharesOut(ResponseBody):
    """What was invoiced with tax, credited, paid and is outstanding: invoiced - credited - paid = outstanding."""

    invoiced: MoneyOut
    credited: MoneyOut
    paid: MoneyOut
    outstanding: MoneyOut


class PlanItemOut(SharesOut):
    """One item of a plan."""

    item_id: UUID
    position: int
    state: Literal["planned", "drafted", "invoiced"]
    done: bool
    """Its procedure was completed."""
    code_system: str
    code: str
    description: str
    tooth: str | None
    surface: str | None
    planned: MoneyOut
    """The fee that the patient accepted, before tax and discounts."""
    invoice_id: UUID | None
    invoice_number: str | None
    procedure_id: UUID | None


_ITEM = Members(PlanItemOut, PlanItem)
_CLAIM = Members(PlanItemOut, ActDetails)


class PlanLineOut(SharesOut):
    """A line of an invoice that is of the plan, and of none of its items."""

    line_id: UUID
    state: Literal["drafted", "invoiced"]
    description: str
    invoice_id: UUID
    invoice_number: str | None


class PlanTotalsOut(SharesOut):
    """The sums over all items and other lines."""

    planned: MoneyOut


class PlanOut(ResponseBody):
    """A plan with its figures, each item's and in sum. What was paid on an invoice is split over its lines exactly."""

    model_config = ConfigDict(json_schema_extra={"example": PLAN_EXAMPLE})

    treatment_plan_id: UUID
    patient_id: UUID
    name: str
    accepted_at: datetime
    totals: PlanTotalsOut
    items: list[PlanItemOut]
    other_lines: list[PlanLineOut]

    @classmethod
    def of(cls, report: PlanReport, currency: str) -> PlanOut:
        """As the wire has it; `planned` sums the fees that are in the clinic's currency."""
        fees = [item.billed.item.fee for item in report.items if item.billed]
        planned = sum(fee.minor for fee in fees if fee.currency == currency)
        figures = {
            name: money_out(report.sum(name), currency) for name in ("invoiced", "credited", "paid", "outstanding")
        }
        return cls(
            treatment_plan_id=report.plan.treatment_plan_id,
            patient_id=report.plan.patient_id,
            name=report.plan.name,
            accepted_at=report.plan.accepted_at,
            totals=PlanTotalsOut(planned=money_out(planned, currency), **figures),
            items=[_item(item, currency) for item in report.items],
            other_lines=[_line(other, currency) for other in report.others],
        )


def _shares(share: LineShare, currency: str) -> dict[str, MoneyOut]:
    names = ("invoiced", "credited", "paid", "outstanding")
    return {name: money_out(getattr(share, name), currency) for name in names}


def _item(one: ReportedItem, currency: str) -> PlanItemOut:
    if one.billed is None:
        raise ValueError("an item of a plan is one of its own")
    billed, item = one.billed, one.billed.item
    return PlanItemOut(
        **_ITEM.of(item),
        **_CLAIM.of(item.claim),
        state=one.state,
        done=billed.procedure_id is not None,
        planned=MoneyOut.of(item.fee),
        invoice_id=billed.invoice_id,
        invoice_number=billed.number,
        procedure_id=billed.procedure_id,
        **_shares(one.share, currency),
    )


def _line(one: ReportedItem, currency: str) -> PlanLineOut:
    if one.line is None or one.invoice is None or one.state == "planned":
        raise ValueError("a line of a plan stands on an invoice")
    return PlanLineOut(
        line_id=one.line.id,
        state=one.state,
        description=one.line.description,
        invoice_id=one.invoice.id,
        invoice_number=one.invoice.number if isinstance(one.invoice, FrozenInvoice) else None,
        **_shares(one.share, currency),
    )
