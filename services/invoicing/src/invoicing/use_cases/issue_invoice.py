"""Issue one draft by hand (`INV-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work

from invoicing.domain.confirmation import NOTHING_CONFIRMED, Confirmed
from invoicing.domain.invoice import IssuedInvoice
from invoicing.domain.present_prices import PRICED, price_for_issue, require_reviewed
from invoicing.persistence import clinics, draft_prices, drafts, invoices
from invoicing.use_cases.issue_invoices import number_and_announce
from invoicing.use_cases.look_up_prices import look_up_prices


async def issue_invoice(work: Work, invoice_id: UUID, confirmed: Confirmed = NOTHING_CONFIRMED) -> IssuedInvoice:
    """Freeze, number and announce a draft; `confirmed` is what whoever issues it has seen (`MON-9`).

    Raises NotFound, WrongState, EmptyInvoice, BooksClosed, Invalid, PriceNotReviewed, PricesChanged, DateBeforeSeries.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    draft = (await invoices.find(work.connection, invoice_id, lock=True)).require_draft("issued")
    on = settings.today(work.now)
    marked = await drafts.marked(work.connection, [invoice_id])
    found = await look_up_prices(work.connection, {settings.clinic_id: settings}, [draft])
    prices = found.of(draft, on)
    require_reviewed(draft, marked.get(invoice_id, ()), prices)
    if price_for_issue(draft, prices, confirmed):
        await draft_prices.write(work.connection, [draft])
    (invoice,) = await number_and_announce(work, [(settings, draft.issue(settings, on, work.now, work.actor))])
    await invoices.freeze(work.connection, [invoice], work.now)
    if invoice.origin != "desk" and marked:
        await drafts.close_priced(work.connection, [invoice_id], work.now, work.actor, PRICED)
    return invoice
