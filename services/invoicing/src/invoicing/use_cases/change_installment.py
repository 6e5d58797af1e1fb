"""Change one installment of a plan alone, as the plan's next version (`PLN-10`)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from chassis.database import Work

from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.persistence import installment_plans, invoices
from invoicing.use_cases.announce_plans import announce_plans


async def change_installment(
    work: Work, installment_id: UUID, reason: str, change: Callable[[InstallmentPlan, Decided], None]
) -> tuple[Invoice, InstallmentPlan]:
    """Find the plan of an installment, change it, save and announce it. Raises NotFound, and what `change` raises."""
    found = await installment_plans.find_of_installment(work.connection, installment_id)
    invoice = await invoices.find(work.connection, found.invoice_id, lock=True, notes=True)
    # Read again under the lock of its invoice: whoever changes a plan holds that.
    plan = await installment_plans.find(work.connection, found.id)
    change(plan, Decided(work.now, work.actor, reason, invoice.version))
    await installment_plans.save(work.connection, [plan])
    await announce_plans(work, [(invoice, plan)])
    return invoice, plan
