"""Close appointments: their drafts know the insurer, and are issued where the clinic wants that (`INV-2`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from invoicing.domain.closing import Closing
from invoicing.persistence import appointments, clinics, drafts
from invoicing.use_cases.issue_invoices import issue_invoices
from invoicing.use_cases.price_by_payer import price_by_payer


async def close_appointments(work: Work, closings: Sequence[Closing]) -> None:
    """Remember the closings and issue the drafts of those clinics that issue by themselves.

    A procedure that is completed after its appointment was closed gets a further draft, which is issued once it has
    been left alone for a while (`jobs/issue_late_drafts.py`).
    """
    latest = {(closing.clinic_id, closing.appointment_id): closing for closing in closings}
    await appointments.close(work.connection, list(latest.values()), work.now)
    settings = await clinics.find_many(work.connection, {clinic_id for clinic_id, _ in latest})
    known = [key for key in latest if key[0] in settings]
    issuing = [key for key in known if settings[key[0]].auto_issue]
    if by_hand := [key for key in known if key not in issuing]:
        await price_by_payer(work, await drafts.of_appointments(work.connection, by_hand), settings)
    if issuing:
        await issue_invoices(work, await drafts.of_appointments(work.connection, issuing))
