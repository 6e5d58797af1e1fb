"""Show drafts with what they come to now, and change nothing: preview, draft and issue never disagree (`MON-9`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import Invalid
from invoicing.domain.invoice import Invoice
from invoicing.domain.present_prices import show_at_present
from invoicing.persistence import clinics
from invoicing.use_cases.look_up_prices import look_up_prices


async def show_drafts(connection: AsyncConnection, clinic_id: UUID, found: Iterable[Invoice], on: date) -> None:
    """Give those of a clinic's invoices that are drafts the prices and rates that issuing them that day would give."""
    drafts = [one for one in found if one.status == "draft"]
    if not drafts:
        return
    settings = await clinics.find_settings(connection, clinic_id)
    found_prices = await look_up_prices(connection, {clinic_id: settings}, drafts)
    for draft in drafts:
        try:
            prices = found_prices.of(draft, on)
        except Invalid:  # its list is archived: it is shown as it was written, and issuing it says why
            continue
        show_at_present(draft, prices)
