"""Issue chosen drafts by hand: all of them, or none and each that failed is named (`INV-6`, `INV-7`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.confirmation import NOTHING_CONFIRMED, Confirmed
from invoicing.domain.errors import InvoicingError, NotAllIssued, NotFound
from invoicing.domain.invoice import DraftInvoice, IssuedInvoice, UnnumberedInvoice
from invoicing.domain.present_prices import PRICED, price_for_issue, require_reviewed
from invoicing.persistence import clinics, draft_prices, drafts, invoices
from invoicing.use_cases.issue_invoices import number_and_announce
from invoicing.use_cases.look_up_prices import look_up_prices


async def issue_chosen(work: Work, ids: Sequence[UUID], confirmed: Mapping[UUID, Confirmed]) -> list[IssuedInvoice]:
    """Freeze, number and announce drafts, numbered in the order given; `confirmed` says what of them was seen.

    Raises NotAllIssued with why for each that cannot be issued, ClinicNotConfigured, DateBeforeSeries.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    found = {one.id: one for one in await invoices.find_many(work.connection, ids, lock=True)}
    marked = await drafts.marked(work.connection, ids)
    on = settings.today(work.now)
    prices = await look_up_prices(work.connection, {settings.clinic_id: settings}, found.values())
    priced: list[DraftInvoice] = []
    frozen: list[tuple[ClinicSettings, UnnumberedInvoice]] = []
    failures: dict[UUID, InvoicingError] = {}
    for invoice_id in ids:
        invoice = found.get(invoice_id)
        try:
            if invoice is None:
                raise NotFound("invoice", invoice_id)
            draft = invoice.require_draft("issued")
            of_draft = prices.of(draft, on)
            require_reviewed(draft, marked.get(invoice_id, ()), of_draft)
            if price_for_issue(draft, of_draft, confirmed.get(invoice_id, NOTHING_CONFIRMED)):
                priced.append(draft)
            frozen.append((settings, draft.issue(settings, on, work.now, work.actor)))
        except InvoicingError as refused:
            failures[invoice_id] = refused
    if failures:
        raise NotAllIssued(failures)
    await draft_prices.write(work.connection, priced)
    issued = await number_and_announce(work, frozen)
    await invoices.freeze(work.connection, issued, work.now)
    priced_by_now = [one.id for one in issued if one.origin != "desk" and one.id in marked]
    await drafts.close_priced(work.connection, priced_by_now, work.now, work.actor, PRICED)
    return issued
