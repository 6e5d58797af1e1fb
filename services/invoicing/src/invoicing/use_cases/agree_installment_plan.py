"""Divide what an invoice asks for into installments (`PLN-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.clock import today
from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.errors import InvoiceHasPlan, NothingOutstanding
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.domain.requested_schedule import RequestedPlan
from invoicing.persistence import clinics, installment_plans, invoices
from invoicing.use_cases.announce_plans import announce_plans


@dataclass(frozen=True, slots=True)
class AgreeInstallmentPlan:
    """Which invoice's outstanding is divided, and how."""

    invoice_id: UUID
    wanted: RequestedPlan
    reason: str | None = None


async def agree_installment_plan(work: Work, command: AgreeInstallmentPlan) -> tuple[Invoice, InstallmentPlan]:
    """Make the plan of an invoice, partly paid or not.

    Raises NotFound, WrongState, InvoiceHasPlan, NothingOutstanding, OutstandingChanged, Invalid, WrongCurrency.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    found = await invoices.find(work.connection, command.invoice_id, lock=True, notes=True)
    invoice = found.require_issued("divided into installments")
    if invoice.plan_id is not None:
        raise InvoiceHasPlan(invoice.id, invoice.plan_id)
    wanted = command.wanted
    if not invoice.outstanding:
        raise NothingOutstanding(invoice.id)
    wanted.require_seen(invoice.outstanding, settings)
    recorded_on = today(work.now, settings.time_zone)
    agreed_on, included = wanted.day(recorded_on), wanted.included(invoice.settled, settings)
    terms = wanted.division.terms(settings, agreed_on)
    parts = terms.parts(invoice.outstanding + included)
    plan = InstallmentPlan(
        id=new_id(),
        clinic_id=work.clinic_id,
        patient_id=invoice.patient_id,
        invoice_id=invoice.id,
        invoice_number=invoice.number,
        currency=invoice.pricing.currency,
        agreed_on=agreed_on,
        included=included,
        recorded_on=recorded_on,
        entries=await installment_plans.entries_of(work.connection, invoice.id) if included else (),
    )
    plan.agree(parts, Decided(work.now, work.actor, command.reason, invoice.version, terms=terms), new_id)
    await installment_plans.save(work.connection, [plan])
    invoice.plan_id = plan.id
    await announce_plans(work, [(invoice, plan)])
    return invoice, plan
