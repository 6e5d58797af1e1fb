"""Look up what clinics ask for the codes of a draft or of many, in one round trip (`INV-19`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.draft_line import DraftContent
from invoicing.domain.invoice import Invoice
from invoicing.domain.price_list import PriceBook
from invoicing.domain.prices import Prices
from invoicing.persistence import price_lists


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the clinics' lists say of the codes that were looked up."""

    books: Mapping[UUID, PriceBook]

    def of(self, draft: Invoice, on: date) -> Prices:
        """The prices of a draft on a day: by its list, its membership and its payer. Raises Invalid."""
        content = draft.content
        return self.books[draft.clinic_id].prices(
            on,
            chosen=content.price_list_id,
            membership=content.membership,
            payer_id=content.payer.id if content.payer else None,
        )


async def look_up_prices(
    connection: AsyncConnection, settings: Mapping[UUID, ClinicSettings], drafts: Iterable[Invoice]
) -> LookedUp:
    """What these drafts' codes cost, in the clinics that have settings."""
    codes = {line.sku or line.code for draft in drafts for line in draft.lines}
    return LookedUp(await price_lists.books(connection, settings, codes))


async def prices_of(
    connection: AsyncConnection,
    settings: ClinicSettings,
    on: date,
    wanted: DraftContent,
    sources: Iterable[str],
) -> Prices:
    """The prices of a content that is asked for; `sources` are the codes of what it bills. Raises Invalid."""
    codes = {*sources, *(line.sku or line.code for line in wanted.lines)}
    found = await price_lists.books(connection, {settings.clinic_id: settings}, codes)
    return found[settings.clinic_id].prices(
        on,
        chosen=wanted.price_list_id,
        membership=wanted.membership,
        payer_id=wanted.payer.id if wanted.payer else None,
    )
