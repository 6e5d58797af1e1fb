"""Divide the unpaid part of an installment plan anew (`PLN-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.clock import today
from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.errors import NotFound, PlanChanged
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.domain.requested_schedule import RequestedPlan
from invoicing.persistence import clinics, installment_plans, invoices
from invoicing.use_cases.announce_plans import announce_plans


@dataclass(frozen=True, slots=True)
class RescheduleInstallmentPlan:
    """An invoice's plan at the version that was read, how to divide what is unpaid of it, and why."""

    invoice_id: UUID
    version: int
    wanted: RequestedPlan
    reason: str


async def reschedule_installment_plan(
    work: Work, command: RescheduleInstallmentPlan
) -> tuple[Invoice, InstallmentPlan]:
    """Make the next version. What payments are counted by then stays with the installments that they settled.

    Raises NotFound, PlanChanged, PlanEnded, NothingOutstanding, OutstandingChanged, Invalid, WrongCurrency.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    invoice = await invoices.find(work.connection, command.invoice_id, lock=True, notes=True)
    if invoice.plan_id is None:
        raise NotFound("live installment plan of invoice", invoice.id)
    plan = await installment_plans.find(work.connection, invoice.plan_id)
    if plan.version != command.version:
        raise PlanChanged(plan.id, plan.version)
    command.wanted.require_seen(invoice.outstanding, settings)
    on = today(work.now, settings.time_zone)
    terms = command.wanted.division.terms(settings, on)
    plan.reschedule(terms.parts, Decided(work.now, work.actor, command.reason, invoice.version, terms=terms), new_id)
    await installment_plans.save(work.connection, [plan])
    await announce_plans(work, [(invoice, plan)])
    return invoice, plan
