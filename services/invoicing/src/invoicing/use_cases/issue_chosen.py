"""Issue chosen drafts by hand: all of them, or none and each that failed is named (`INV-6`, `INV-7`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import InvoicingError, NotAllIssued, NotFound, PriceNotReviewed
from invoicing.domain.invoice import Invoice
from invoicing.persistence import clinics, drafts, invoices
from invoicing.use_cases.issue_invoices import number_and_announce


async def issue_chosen(work: Work, ids: Sequence[UUID]) -> list[Invoice]:
    """Freeze, number and announce drafts, numbered in the order given.

    Raises NotAllIssued with why for each that cannot be issued, ClinicNotConfigured, DateBeforeSeries.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    found = {one.id: one for one in await invoices.find_many(work.connection, ids, lock=True)}
    marked = await drafts.marked(work.connection, ids)
    on = settings.today(work.now)
    failures: dict[UUID, InvoicingError] = {}
    for invoice_id in ids:
        invoice = found.get(invoice_id)
        try:
            if invoice is None:
                raise NotFound("invoice", invoice_id)
            invoice.issue(settings, on, work.now, work.actor)
            if invoice.origin != "desk" and invoice_id in marked:
                raise PriceNotReviewed(invoice_id)
        except InvoicingError as refused:
            failures[invoice_id] = refused
    if failures:
        raise NotAllIssued(failures)
    issued = [found[invoice_id] for invoice_id in ids]
    await number_and_announce(work, [(settings, invoice) for invoice in issued])
    await invoices.freeze(work.connection, issued, work.now)
    return issued
