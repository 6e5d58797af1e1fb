"""Say that a person has looked at what an invoice was marked for (`INV-1`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import NothingToReview
from invoicing.domain.invoice import Invoice
from invoicing.persistence import drafts, invoices


async def review_invoice(work: Work, invoice_id: UUID, reason: str) -> Invoice:
    """Close the marks of an invoice, whatever their causes, with who and why. Raises NotFound, NothingToReview."""
    invoice = await invoices.find(work.connection, invoice_id, lock=True, notes=True)
    if not await drafts.close_marks(work.connection, invoice_id, None, work.now, work.actor, reason):
        raise NothingToReview(invoice_id)
    return invoice
