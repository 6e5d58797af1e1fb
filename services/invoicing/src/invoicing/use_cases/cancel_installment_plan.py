"""End an installment plan by hand: what is outstanding is due as the invoice says (`PLN-5`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import NotFound
from invoicing.domain.installment import Cause
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.persistence import installment_plans, invoices
from invoicing.use_cases.announce_plans import announce_plans


async def cancel_installment_plan(work: Work, invoice_id: UUID, reason: str) -> tuple[Invoice, InstallmentPlan]:
    """Cancel the live plan of an invoice. Raises NotFound where it has none."""
    invoice = await invoices.find(work.connection, invoice_id, lock=True, notes=True)
    plan = await end_plan(work, invoice, "cancelled", reason)
    if plan is None:
        raise NotFound("live installment plan of invoice", invoice_id)
    return invoice, plan


async def end_plan(work: Work, invoice: Invoice, cause: Cause, reason: str) -> InstallmentPlan | None:
    """End the plan of a locked invoice, if it has one, and announce that."""
    if invoice.plan_id is None:
        return None
    plan = await installment_plans.find(work.connection, invoice.plan_id)
    plan.cancel(cause, Decided(work.now, work.actor, reason, invoice.version))
    await installment_plans.save(work.connection, [plan])
    invoice.plan_id = None
    await announce_plans(work, [(invoice, plan)])
    return plan
