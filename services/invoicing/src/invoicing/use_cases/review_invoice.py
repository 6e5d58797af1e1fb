"""Say that a person has looked at what an invoice was marked for (`INV-1`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import NothingToReview
from invoicing.domain.invoice import DraftInvoice, Invoice
from invoicing.domain.present_prices import confirm_prices
from invoicing.persistence import clinics, draft_prices, drafts, invoices
from invoicing.use_cases.show_drafts import show_drafts


async def review_invoice(work: Work, invoice_id: UUID, reason: str) -> Invoice:
    """Close the marks of an invoice, whatever their causes, with who and why. Raises NotFound, NothingToReview.

    Whoever looks at a draft is answered with what it comes to now, and has confirmed that (`MON-9`).
    """
    invoice = await invoices.find(work.connection, invoice_id, lock=True, notes=True)
    if not await drafts.close_marks(work.connection, invoice_id, None, work.now, work.actor, reason):
        raise NothingToReview(invoice_id)
    if isinstance(invoice, DraftInvoice):
        settings = await clinics.find_settings(work.connection, work.clinic_id)
        on = settings.today(work.now)
        await show_drafts(work.connection, work.clinic_id, [invoice], on)
        confirm_prices(invoice)
        invoice.issue_problem = None  # a zero that nobody had looked at may have been all that held it
        await show_drafts(work.connection, work.clinic_id, [invoice], on)
        await draft_prices.write(work.connection, [invoice])
        await draft_prices.look_at(work.connection, [invoice_id], work.now)
    return invoice
