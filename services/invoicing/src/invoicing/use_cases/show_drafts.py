"""Show drafts with what they come to now, and change nothing: preview, draft and issue never disagree (`MON-9`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import Invalid
from invoicing.domain.invoice import DraftInvoice, Invoice, drafts_of
from invoicing.domain.present_prices import show_at_present
from invoicing.domain.price_errors import PriceNotReviewed
from invoicing.persistence import clinics, drafts
from invoicing.use_cases.look_up_prices import look_up_prices


async def show_drafts(connection: AsyncConnection, clinic_id: UUID, found: Iterable[Invoice], on: date) -> None:
    """Give those of a clinic's invoices that are drafts the prices and rates that issuing them that day would give.

    Those that could not be issued then say why.
    """
    shown = drafts_of(found)
    if not shown:
        return
    settings = await clinics.find_settings(connection, clinic_id)
    found_prices = await look_up_prices(connection, {clinic_id: settings}, shown)
    for draft in shown:
        try:
            prices = found_prices.of(draft, on)
        except Invalid as refused:  # its list is archived: it is shown as it was written
            draft.issue_problem = refused
            continue
        show_at_present(draft, prices)
    await _say_what_waits(connection, shown)


async def _say_what_waits(connection: AsyncConnection, found: Iterable[DraftInvoice]) -> None:
    """Have those that the clinic's policy has made, and that wait for a person, say so: issuing looks at that first."""
    by_policy = [one for one in found if one.origin != "desk"]
    marked = await drafts.marked(connection, [one.id for one in by_policy]) if by_policy else ()
    for draft in by_policy:
        if draft.id in marked:
            draft.issue_problem = PriceNotReviewed(draft.id)
