"""Delete a draft; its procedures are free again (`INV-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import StaleVersion
from invoicing.persistence import billable_procedures, invoices, treatment_plans
from invoicing.use_cases.reserve_sources import lock_sources


async def delete_draft(work: Work, invoice_id: UUID, version: int) -> None:
    """Delete a draft at the version that was read. Raises NotFound, WrongState, StaleVersion."""
    await lock_sources(work, invoice_id)
    invoice = (await invoices.find(work.connection, invoice_id, lock=True)).require_draft("deleted")
    if invoice.version != version:
        raise StaleVersion(invoice_id, invoice.version)
    await billable_procedures.release(work.connection, [invoice_id])
    await treatment_plans.release(work.connection, [invoice_id])
    await invoices.delete(work.connection, [invoice_id])
