"""Give drafts that waited for a price the one that their payer's list has, once the payer is known (`INV-19`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import InvoicingError
from invoicing.domain.invoice import DraftInvoice, drafts_of
from invoicing.domain.present_prices import PRICE_MISSING, PRICED, price_at_present, require_prices
from invoicing.persistence import draft_prices, drafts, invoices
from invoicing.use_cases.look_up_prices import LookedUp, look_up_prices


async def price_by_payer(work: Work, ids: Sequence[UUID], settings: Mapping[UUID, ClinicSettings]) -> None:
    """Price those of these drafts that nobody has looked at yet; with a price for every line, no person has to look."""
    marked = await drafts.marked(work.connection, ids) if ids else {}
    waiting = [one for one, causes in marked.items() if PRICE_MISSING in causes]
    if not waiting:
        return
    found = drafts_of(await invoices.find_many(work.connection, waiting, lock=True))
    prices = await look_up_prices(work.connection, settings, found)
    priced = [
        draft
        for draft in found
        if draft.looked_at is None and _has_prices(work, draft, settings[draft.clinic_id], prices)
    ]
    await draft_prices.write(work.connection, priced)
    await drafts.close_priced(work.connection, [draft.id for draft in priced], work.now, work.actor, PRICED)


def _has_prices(work: Work, draft: DraftInvoice, clinic: ClinicSettings, prices: LookedUp) -> bool:
    try:
        price_at_present(draft, prices.of(draft, clinic.today(work.now)))
        require_prices(draft)
    except InvoicingError:
        return False
    return True
