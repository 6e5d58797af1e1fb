"""Announce versions of installment plans, with what of them the patient is asked for (`PLN-5`, `INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from invoicing import announcements
from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.domain.patients_part import asked_of_patient
from invoicing.persistence import adjudications, settlements


async def announce_plans(work: Work, changed: Sequence[tuple[Invoice, InstallmentPlan]]) -> None:
    """Announce the last version of each plan, which is saved; the invoices are locked, with their notes.

    As documents do, it leaves to insurers what they are estimated to take until they decide (`INS-1`).
    """
    ids = [invoice.id for invoice, _ in changed]
    rows = await adjudications.rows_of(work.connection, ids)
    received = await settlements.of_insurers(work.connection, ids)
    for invoice, plan in changed:
        on = AdjudicatedInvoice(invoice, rows.get(invoice.id, ()))
        asked = asked_of_patient(on, received[invoice.id].minor, estimated=True)
        announcements.announce_plan_changed(work, invoice, plan, asked)
