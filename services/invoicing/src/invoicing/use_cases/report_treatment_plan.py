"""What of a treatment plan is planned, invoiced, paid and outstanding: by item and in sum (`INV-10`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import NotFound
from invoicing.domain.invoice import Invoice
from invoicing.domain.line import Line
from invoicing.domain.line_shares import LineShare, share_out
from invoicing.domain.treatment_plan import BilledItem, TreatmentPlan
from invoicing.persistence import invoices, treatment_plans
from invoicing.use_cases.show_drafts import show_drafts

ItemState = Literal["planned", "drafted", "invoiced"]
_NOTHING = LineShare(None)


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One item of the plan, None for a line without, and what its line asked for and is paid."""

    state: ItemState
    share: LineShare
    billed: BilledItem | None = None
    line: Line | None = None
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class PlanReport:
    """A plan's items in order, and the lines that are of the plan but of none of its items."""

    plan: TreatmentPlan
    items: list[ReportedItem]
    others: list[ReportedItem]

    def sum(self, figure: Literal["invoiced", "credited", "paid", "outstanding"]) -> int:
        """A figure over all items and other lines, in minor units."""
        return sum(getattr(item.share, figure) for item in (*self.items, *self.others))


async def report_treatment_plan(connection: AsyncConnection, clinic_id: UUID, plan_id: UUID, on: date) -> PlanReport:
    """The plan's figures, derived from its lines' parts of their invoices; drafts as of that day. Raises NotFound."""
    known = await treatment_plans.find_plan(connection, clinic_id, plan_id)
    if known is None:
        raise NotFound("treatment plan", plan_id)
    plan, items = known
    ids = await treatment_plans.invoices_of(connection, clinic_id, plan_id)
    found = await invoices.find_many(connection, ids, notes=True) if ids else []
    await show_drafts(connection, clinic_id, found, on)
    lines = _lines(found, plan_id, {billed.item.item_id for billed in items})
    reported = [_item(billed, lines) for billed in items]
    named = {item.line.id for item in reported if item.line}
    others = [line for line in lines if line.line and line.line.id not in named]
    return PlanReport(plan, reported, others)


def _lines(found: Sequence[Invoice], plan_id: UUID, item_ids: set[UUID]) -> list[ReportedItem]:
    """Every line of the plan on an invoice that is not void."""
    lines: list[ReportedItem] = []
    for invoice in found:
        if invoice.status == "void":
            continue
        state: ItemState = "drafted" if invoice.status == "draft" else "invoiced"
        for line, share in zip(invoice.lines, share_out(invoice), strict=False):
            if line.treatment_plan_id == plan_id or line.treatment_plan_item_id in item_ids:
                lines.append(ReportedItem(state, share, None, line, invoice))
    return lines


def _item(billed: BilledItem, lines: Sequence[ReportedItem]) -> ReportedItem:
    """The item with the line that bills it: on the invoice that has claimed it."""
    for line in lines:
        claimed = line.invoice is not None and line.invoice.id == billed.invoice_id
        if claimed and line.line and line.line.treatment_plan_item_id == billed.item.item_id:
            return ReportedItem(line.state, line.share, billed, line.line, line.invoice)
    return ReportedItem("planned", _NOTHING, billed)
