"""What responses about treatment plans say (`INV-10`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.money import Money
from pydantic import ConfigDict

from invoicing.domain.invoice import FrozenInvoice
from invoicing.domain.line_shares import LineShare
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
    def of(cls, row: Any) -> PlanSummary:
        """As the wire has it."""
        planned = (
            None if not row.items or row.fee_currency is None else MoneyOut.of(Money(row.fee_minor, row.fee_currency))
        )
        plain = {name: getattr(row, name) for name in cls.model_fields if name != "planned"}
        return cls(planned=planned, **plain)


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
        planned = sum(one.row.fee_minor for one in report.items if one.row.fee_currency == currency)
        figures = {
            name: money_out(report.sum(name), currency) for name in ("invoiced", "credited", "paid", "outstanding")
        }
        return cls(
            treatment_plan_id=report.plan.treatment_plan_id,
            patient_id=report.plan.patient_id,
            name=report.plan.name,
            accepted_at=report.plan.accepted_at,
            totals=PlanTotalsOut(planned=money_out(planned, currency), **figures),
            items=[_item(one, currency) for one in report.items],
            other_lines=[_line(one, currency) for one in report.others],
        )


def _shares(share: LineShare, currency: str) -> dict[str, MoneyOut]:
    names = ("invoiced", "credited", "paid", "outstanding")
    return {name: money_out(getattr(share, name), currency) for name in names}


def _item(one: ReportedItem, currency: str) -> PlanItemOut:
    row = one.row
    same = ("item_id", "position", "code_system", "code", "description", "tooth", "surface", "procedure_id")
    return PlanItemOut(
        state=one.state,
        done=row.procedure_id is not None,
        planned=MoneyOut.of(Money(row.fee_minor, row.fee_currency)),
        invoice_id=row.invoice_id,
        invoice_number=row.number,
        **{name: getattr(row, name) for name in same},
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
