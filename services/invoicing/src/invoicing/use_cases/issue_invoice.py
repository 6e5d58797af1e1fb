"""Issue one draft by hand (`INV-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.confirmation import NOTHING_CONFIRMED, Confirmed
from invoicing.domain.invoice import Invoice
from invoicing.domain.present_prices import PRICED, price_for_issue, require_reviewed
from invoicing.persistence import clinics, draft_prices, drafts, invoices
from invoicing.use_cases.issue_invoices import number_and_announce
from invoicing.use_cases.look_up_prices import look_up_prices


async def issue_invoice(work: Work, invoice_id: UUID, confirmed: Confirmed = NOTHING_CONFIRMED) -> Invoice:
    """Freeze, number and announce a draft; `confirmed` is what whoever issues it has seen (`MON-9`).

    Raises NotFound, WrongState, EmptyInvoice, BooksClosed, Invalid, PriceNotReviewed, PricesChanged, DateBeforeSeries.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    invoice = await invoices.find(work.connection, invoice_id, lock=True)
    invoice.require_draft("issued")
    on = settings.today(work.now)
    marked = await drafts.marked(work.connection, [invoice_id])
    found = await look_up_prices(work.connection, {settings.clinic_id: settings}, [invoice])
    prices = found.of(invoice, on)
    require_reviewed(invoice, marked.get(invoice_id, ()), prices)
    if price_for_issue(invoice, prices, confirmed):
        await draft_prices.write(work.connection, [invoice])
    invoice.issue(settings, on, work.now, work.actor)
    await number_and_announce(work, [(settings, invoice)])
    await invoices.freeze(work.connection, [invoice], work.now)
    if invoice.origin != "desk" and marked:
        await drafts.close_priced(work.connection, [invoice_id], work.now, work.actor, PRICED)
    return invoice
