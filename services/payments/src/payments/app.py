"""The payments service: what it answers, what it listens to, what it proves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from chassis.cli import run
from chassis.http import Arrivals
from chassis.messaging import Subscription
from chassis.messaging.jobs import Job
from chassis.proof import Proven
from chassis.resources import Resources
from chassis.service import Proof, Service
from contracts.personal import without_payer

from contracts import adjudications, clinics, invoicing, patients, receipts, refund_adjustments
from payments.consumers import installment_plan
from payments.consumers.adjudication_applied import on_adjudication_applied
from payments.consumers.clinic_configured import on_clinic_configured
from payments.consumers.invoice_credited import on_invoice_credited
from payments.consumers.invoice_debited import on_invoice_debited
from payments.consumers.invoice_issued import on_invoice_issued
from payments.consumers.invoice_voided import on_invoice_voided
from payments.consumers.patient_forgotten import on_patient_forgotten
from payments.consumers.patient_merged import on_patient_merged
from payments.consumers.receipt_issued import on_receipt_issued
from payments.consumers.receipt_voided import on_receipt_voided
from payments.consumers.refund_adjustment_decided import on_refund_adjustment_decided
from payments.http import (
    accounts,
    books,
    credit,
    day_sheets,
    journal,
    moves,
    payment_groups,
    payment_settings,
    payments,
    refund_requests,
    remittances,
    selections,
)
from payments.http.problems import PROBLEMS
from payments.jobs.sum_days import sum_days
from payments.persistence import invoices
from payments.persistence.tallies import TALLIES
from payments.settings import PaymentsSettings
from payments.use_cases.prove_balances import prove_balances


async def _balances(resources: Resources) -> Proven:
    return await prove_balances(resources.database)


@asynccontextmanager
async def _invoices_awaited(resources: Resources) -> AsyncIterator[None]:
    resources.state.invoices = Arrivals(resources.database, invoices.BELL, invoices.arrived)
    yield


service = Service(
    name="payments",
    description="Money that moved: payments, refunds, cancellations, patient credit and the journal.",
    settings=PaymentsSettings,
    routers=[
        payments.router,
        moves.router,
        remittances.router,
        selections.router,
        refund_requests.router,
        credit.router,
        accounts.router,
        payment_groups.router,
        day_sheets.router,
        books.router,
        journal.router,
        payment_settings.router,
    ],
    problems=PROBLEMS,
    lifespan=_invoices_awaited,
    without_person=without_payer,
    subscriptions=[
        Subscription(clinics.TOPIC, {clinics.ClinicConfigured.event_type: on_clinic_configured}),
        Subscription(
            patients.TOPIC,
            {
                patients.PatientForgotten.event_type: on_patient_forgotten,
                patients.PatientMerged.event_type: on_patient_merged,
            },
            in_any_order=(patients.PatientForgotten.event_type, patients.PatientMerged.event_type),
        ),
        Subscription(
            invoicing.TOPIC,
            {
                invoicing.InvoiceIssued.event_type: on_invoice_issued,
                invoicing.InvoiceCredited.event_type: on_invoice_credited,
                invoicing.InvoiceDebited.event_type: on_invoice_debited,
                invoicing.InvoiceVoided.event_type: on_invoice_voided,
                adjudications.AdjudicationApplied.event_type: on_adjudication_applied,
                refund_adjustments.RefundAdjustmentDecided.event_type: on_refund_adjustment_decided,
                **installment_plan.HANDLERS,
            },
        ),
        Subscription(
            receipts.TOPIC,
            {
                receipts.ReceiptIssued.event_type: on_receipt_issued,
                receipts.ReceiptVoided.event_type: on_receipt_voided,
            },
        ),
    ],
    migrations=Path(__file__).parents[2] / "migrations",
    jobs=[Job(name="sum_days", every_seconds=3_600, run=sum_days)],
    proofs=[Proof("balances", _balances)],
    tallies=TALLIES,
)
main = partial(run, service)
