"""Take procedures off the drafts that bill them; a policy's draft that is left with no line is gone (`INV-1`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.persistence import drafts, invoices, treatment_plans


async def take_off_drafts(work: Work, billed: Sequence[tuple[UUID, UUID]]) -> None:
    """Take procedures off drafts (invoice, procedure), which are locked, as their plan items are."""
    invoice_ids = sorted({invoice_id for invoice_id, _ in billed})
    procedure_ids = [procedure_id for _, procedure_id in billed]
    empty = await drafts.take_lines(work.connection, invoice_ids, procedure_ids, work.now)
    await treatment_plans.release(work.connection, invoice_ids, procedure_ids)
    await drafts.drop_marks(work.connection, invoice_ids, procedure_ids)
    if empty:
        await invoices.delete(work.connection, empty)
