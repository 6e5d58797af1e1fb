"""The declaration of the service: what it answers, listens to and does on the clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from chassis.cli import run
from chassis.messaging import Subscription
from chassis.messaging.jobs import Job
from chassis.service import Proof, Service
from contracts.personal import without_person

from contracts import clinical, insurance, patients, payments
from invoicing.consumers import (
    appointment_closed,
    claim_adjudicated,
    money_moved,
    patient_details,
    patient_forgotten,
    patient_merged,
    procedure_completed,
    procedure_reverted,
    treatment_plan_accepted,
)
from invoicing.http import (
    accounting_routes,
    clinic_routes,
    credit_request_routes,
    debit_proposal_routes,
    installment_routes,
    insurance_routes,
    invoice_routes,
    note_routes,
    patient_routes,
    plan_routes,
    price_list_routes,
    report_routes,
    story_routes,
    treatment_plan_routes,
)
from invoicing.http.problems import PROBLEMS
from invoicing.jobs.announce_due_dates import (
    announce_due_installments,
    announce_overdue_invoices,
    note_unpaid_installments,
)
from invoicing.jobs.apply_awaited_decisions import apply_awaited_decisions
from invoicing.jobs.issue_late_drafts import issue_late_drafts
from invoicing.jobs.prove_clinics import all_clinics, prove_clinics
from invoicing.jobs.sum_months import sum_months
from invoicing.persistence.tallies import TALLIES
from invoicing.settings import InvoicingSettings

service = Service(
    name="invoicing",
    description=(
        "What is owed: billable procedures, invoices, credit and debit notes, insurers' decisions, installment plans, "
        "a clinic's settings."
    ),
    settings=InvoicingSettings,
    routers=[
        invoice_routes.router,
        story_routes.router,
        note_routes.router,
        credit_request_routes.router,
        debit_proposal_routes.router,
        plan_routes.router,
        installment_routes.router,
        treatment_plan_routes.router,
        insurance_routes.router,
        report_routes.router,
        accounting_routes.router,
        patient_routes.router,
        clinic_routes.router,
        price_list_routes.router,
    ],
    problems=PROBLEMS,
    without_person=without_person,
    subscriptions=[
        Subscription(
            topic=clinical.TOPIC,
            handlers={
                "dental.procedure.completed.v1": procedure_completed.handle,
                "dental.procedure.reverted.v1": procedure_reverted.handle,
                "dental.appointment.closed.v1": appointment_closed.handle,
                "dental.treatment_plan.accepted.v1": treatment_plan_accepted.handle,
            },
        ),
        Subscription(
            topic=patients.TOPIC,
            handlers={
                "dental.patient.registered.v1": patient_details.handle,
                "dental.patient.changed.v1": patient_details.handle,
                "dental.patient.forgotten.v1": patient_forgotten.handle,
                "dental.patient.merged.v1": patient_merged.handle,
            },
            in_any_order=("dental.patient.forgotten.v1", "dental.patient.merged.v1"),
        ),
        Subscription(topic=payments.TOPIC, handlers=money_moved.HANDLERS),
        Subscription(topic=insurance.TOPIC, handlers={"insurance.claim.adjudicated.v1": claim_adjudicated.handle}),
    ],
    jobs=[
        Job(name="apply_awaited_decisions", every_seconds=15, run=apply_awaited_decisions),
        Job(name="issue_late_drafts", every_seconds=60, run=issue_late_drafts),
        Job(name="announce_due_installments", every_seconds=60, run=announce_due_installments),
        Job(name="announce_overdue_invoices", every_seconds=60, run=announce_overdue_invoices),
        Job(name="note_unpaid_installments", every_seconds=60, run=note_unpaid_installments),
        Job(name="sum_months", every_seconds=3600, run=sum_months),
    ],
    proofs=[Proof(name="invoices", run=prove_clinics)],
    tallies=TALLIES,
    clinics=all_clinics,
    migrations=Path(__file__).parents[2] / "migrations",
)
main = partial(run, service)
