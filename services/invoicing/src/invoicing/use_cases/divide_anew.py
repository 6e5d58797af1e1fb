"""Divide plans anew that did not know of money which was recorded before they were changed (`PLN-6`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.settlement import Counted, Settlement
from invoicing.persistence import installment_plans, invoices, settlements
from invoicing.use_cases.announce_plans import announce_plans


async def divide_anew(work: Work, counted: Sequence[Counted], entries: Sequence[Settlement]) -> None:
    """Let each plan hear of what was just counted on its locked invoice.

    Only those are read that were changed after something of it was recorded, and where money went out again those
    that had ended because nothing had been outstanding.
    """
    first = {
        entry.invoice_id: entry.occurred_at for entry in sorted(entries, key=lambda one: one.occurred_at, reverse=True)
    }
    late = {one.plan_id for one in counted if one.plan_id and one.plan_changed_at > first[one.invoice_id]}
    opened = {entry.invoice_id for entry in entries if entry.change + entry.what_credited < 0}
    without = opened & {one.invoice_id for one in counted if one.plan_id is None}
    late |= await settlements.plans_ended_as_settled(work.connection, without) if without else set()
    if late:
        await _hear(work, await installment_plans.find_many(work.connection, late))


async def _hear(work: Work, plans: Sequence[InstallmentPlan]) -> None:
    found = await invoices.find_many(work.connection, {plan.invoice_id for plan in plans}, lock=True, notes=True)
    of_plans = {invoice.id: invoice for invoice in found}
    for plan in plans:
        invoice = of_plans[plan.invoice_id]
        plan.hear(invoice.notes, Decided(work.now, work.actor, None, invoice.version), new_id)
    changed = [plan for plan in plans if plan.version > plan.kept]
    if not changed:
        return
    await installment_plans.save(work.connection, changed)
    for plan in changed:
        of_plans[plan.invoice_id].plan_id = None if plan.ended else plan.id
    await announce_plans(work, [(of_plans[plan.invoice_id], plan) for plan in changed])
