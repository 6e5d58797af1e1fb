"""Issue one draft by hand (`INV-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import PriceNotReviewed
from invoicing.domain.invoice import Invoice
from invoicing.persistence import clinics, drafts, invoices
from invoicing.use_cases.issue_invoices import number_and_announce


async def issue_invoice(work: Work, invoice_id: UUID) -> Invoice:
    """Freeze, number and announce a draft.

    Raises NotFound, WrongState, EmptyInvoice, BooksClosed, Invalid, PriceNotReviewed, DateBeforeSeries.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    invoice = await invoices.find(work.connection, invoice_id, lock=True)
    invoice.issue(settings, settings.today(work.now), work.now, work.actor)
    if invoice.origin != "desk" and await drafts.marked(work.connection, [invoice_id]):
        raise PriceNotReviewed(invoice_id)
    await number_and_announce(work, [(settings, invoice)])
    await invoices.freeze(work.connection, [invoice], work.now)
    return invoice
