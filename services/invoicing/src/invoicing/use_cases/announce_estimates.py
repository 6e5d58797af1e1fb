"""Say of invoices from before what insurers are estimated to take, for whoever did not keep it then (`INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.announcements.adjudications import announce_invoice_estimated
from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.persistence import adjudications, invoices, untold_estimates


async def announce_estimates(work: Work, clinics: Sequence[UUID], most: int) -> bool:
    """Announce the next ones of one of these clinics, and keep how far it came; whether there may be more.

    What was said and how far it came commit together: whatever is killed, it goes on there.
    """
    untold = await untold_estimates.lock_next(work.connection, clinics, work.now)
    if untold is None:
        return False
    ids = await untold_estimates.of_clinic(work.connection, untold, most)
    rows = await adjudications.rows_of(work.connection, ids)
    for invoice in await invoices.find_many(work.connection, ids):
        announce_invoice_estimated(work, AdjudicatedInvoice(invoice, rows.get(invoice.id, ())))
    if len(ids) == most:
        await untold_estimates.keep_told(work.connection, untold.clinic_id, ids[-1])
    else:
        await untold_estimates.end(work.connection, untold.clinic_id)
    return True
