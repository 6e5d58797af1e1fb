"""Show how an invoice's outstanding would be divided, and change nothing (`PLN-1`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.clock import today
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import NothingOutstanding
from invoicing.domain.installment_schedule import Part
from invoicing.domain.invoice import Invoice
from invoicing.domain.requested_schedule import RequestedPlan
from invoicing.persistence import clinics, invoices


async def preview_installment_plan(
    connection: AsyncConnection, clinic_id: UUID, invoice_id: UUID, wanted: RequestedPlan, now: datetime
) -> tuple[Invoice, list[Part]]:
    """The parts of a new plan, or of a rescheduled one's unpaid part: both divide what is outstanding.

    Raises NotFound, WrongState, NothingOutstanding, OutstandingChanged, Invalid, WrongCurrency.
    """
    settings = await clinics.find_settings(connection, clinic_id)
    invoice = await invoices.find(connection, invoice_id)
    invoice.require_issued("divided into installments")
    if not invoice.outstanding:
        raise NothingOutstanding(invoice.id)
    wanted.require_seen(invoice.outstanding, settings)
    on, included = wanted.day(today(now, settings.time_zone)), wanted.included(invoice.settled, settings)
    return invoice, wanted.division.terms(settings, on).parts(invoice.outstanding + included)
