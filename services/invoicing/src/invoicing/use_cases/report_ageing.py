"""Age what a clinic is owed at the end of a day: by installments where a plan lives, else by due date (`PAY-16`)."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.ageing import Aged, OpenInvoice, Owed, aged, gathered
from invoicing.domain.installment import Cause
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.insurance import insurers_on
from invoicing.domain.patients_part import Left, left_as_estimated, left_to_insurers
from invoicing.domain.period import Period
from invoicing.domain.plan_history import history_of
from invoicing.persistence import adjudications, installment_plans, invoices, payer_identities, settlements
from invoicing.persistence.insured_lines import asked_of_lines
from invoicing.persistence.report_of_ageing import estimated_on, open_at

ENDING: tuple[Cause, ...] = ("cancelled", "invoice_voided")


async def report_ageing(
    connection: AsyncConnection, clinic_id: UUID, as_of: date, today: date, zone_name: str
) -> list[Aged]:
    """What each patient and each insurer owes at the end of a day that is not after today, patients first."""
    end = Period(as_of, as_of).ends_at(zone_name)
    asked = await open_at(connection, clinic_id, as_of, end, today)
    plans = await _plans(connection, asked.others)
    insured = [invoice.id for invoice in asked.others if invoice.insured]
    most = await asked_of_lines(connection, insured, as_of) if insured else {}
    left = await _left_to_insurers(connection, clinic_id, insured, end, most)
    debts = [*asked.plain]
    for invoice in asked.others:
        owed = _owed(invoice, plans.get(invoice.installment_plan_id), end)
        debts += aged(invoice.patient_id, owed, left.get(invoice.id, []), as_of)
    return gathered(debts)


async def _plans(connection: AsyncConnection, others: Sequence[OpenInvoice]) -> Mapping[UUID | None, InstallmentPlan]:
    ids = [invoice.installment_plan_id for invoice in others if invoice.installment_plan_id]
    return {plan.id: plan for plan in await installment_plans.find_many(connection, ids)} if ids else {}


def _owed(invoice: OpenInvoice, plan: InstallmentPlan | None, end: datetime) -> list[Owed]:
    """By installment, where the plan lived and asks for what the invoice does; else by the invoice's due date."""
    if plan is not None:
        versions = [version for version in plan.versions if version.at < end]
        entries = [entry for entry in plan.entries if entry.occurred_at < end]
        if versions and versions[-1].cause not in ENDING:
            parts = history_of(versions, entries).standing(plan.included).installments
            if sum(part.remaining for part in parts) == invoice.minor:
                return [Owed(part.installment.due_date, part.remaining) for part in parts if part.remaining]
    return [Owed(invoice.due_date, invoice.minor)]


async def _left_to_insurers(
    connection: AsyncConnection, clinic_id: UUID, ids: list[UUID], end: datetime, most: Mapping[UUID, int]
) -> dict[UUID, Left]:
    """What of these invoices is left to which insurers, in turn: what is asked of no patient (`INS-4`).

    Most have estimates only, which are added up where they are; what was decided needs the whole invoice. `most` is
    what the own lines of those ask for that have notes.
    """
    if not ids:
        return {}
    rows = await adjudications.rows_of(connection, ids, end)
    found = await invoices.find_many(connection, rows)
    decided = {invoice.id: AdjudicatedInvoice(invoice, rows[invoice.id]) for invoice in found}
    shares = await estimated_on(connection, [one for one in ids if one not in decided])
    paid = await settlements.of_insurers(connection, ids, end)
    insurers = {invoice_id: insurers_on(on) for invoice_id, on in decided.items()}
    insurers |= {invoice_id: {one.payer_id for one in of} for invoice_id, of in shares.items()}
    by_payer = {invoice_id: one.by_payer for invoice_id, one in paid.items()}
    received = await payer_identities.named_on(connection, clinic_id, by_payer, insurers)
    came = {id_: (received[id_], paid[id_].minor, most.get(id_, sys.maxsize)) for id_ in ids}
    left = {id_: left_as_estimated(of, *came[id_]) for id_, of in shares.items()}
    return left | {id_: left_to_insurers(on, *came[id_]) for id_, on in decided.items()}
