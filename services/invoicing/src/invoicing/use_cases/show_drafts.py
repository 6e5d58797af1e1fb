"""Show drafts with what they come to now, and change nothing: preview, draft and issue never disagree (`MON-9`)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.invoice import Invoice
from invoicing.domain.present_prices import show_at_present
from invoicing.domain.prices import Prices
from invoicing.persistence import clinics


async def show_drafts(connection: AsyncConnection, clinic_id: UUID, found: Iterable[Invoice], on: date) -> None:
    """Give those of a clinic's invoices that are drafts the prices and rates that issuing them that day would give."""
    drafts = [one for one in found if one.status == "draft"]
    if not drafts:
        return
    prices = Prices(await clinics.find_settings(connection, clinic_id), on)
    for draft in drafts:
        show_at_present(draft, prices)
