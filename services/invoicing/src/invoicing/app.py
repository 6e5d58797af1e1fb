"""The declaration of the service: what it answers, listens to and does on the clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from chassis.cli import run
from chassis.messaging.expired_words import EMPTY_EXPIRED_WORDS
from chassis.messaging.jobs import Job
from chassis.service import Proof, Service
from contracts.clinics import TOPIC as CLINICS
from contracts.invoicing import TOPIC as INVOICING
from contracts.personal import without_person

from invoicing.consumers import SUBSCRIPTIONS
from invoicing.consumers.documents import on_announced_documents
from invoicing.http import (
    accounting,
    clinic,
    credit_requests,
    debit_proposals,
    installment_plans,
    installments,
    insurance,
    invoices,
    notes,
    patients,
    price_lists,
    reports,
    stories,
    treatment_plans,
    waiting,
)
from invoicing.http.problems import PROBLEMS
from invoicing.jobs.announce_due_dates import (
    announce_due_installments,
    announce_overdue_invoices,
    note_unpaid_installments,
)
from invoicing.jobs.announce_estimates import announce_estimates
from invoicing.jobs.apply_awaited_adjudications import apply_awaited_adjudications
from invoicing.jobs.issue_late_drafts import issue_late_drafts
from invoicing.jobs.sum_months import sum_months
from invoicing.persistence.tallies import TALLIES
from invoicing.settings import InvoicingSettings
from invoicing.use_cases.prove_invoices import prove_invoices

service = Service(
    name="invoicing",
    description=(
        "What is owed: billable procedures, invoices, credit and debit notes, insurers' decisions, installment plans, "
        "a clinic's settings."
    ),
    settings=InvoicingSettings,
    routers=[
        invoices.router,
        stories.router,
        notes.router,
        credit_requests.router,
        debit_proposals.router,
        installment_plans.router,
        installments.router,
        treatment_plans.router,
        insurance.router,
        reports.router,
        waiting.router,
        accounting.router,
        patients.router,
        clinic.router,
        price_lists.router,
    ],
    problems=PROBLEMS,
    without_person=without_person,
    subscriptions=SUBSCRIPTIONS,
    announces=[CLINICS, INVOICING],
    skip_numbers=on_announced_documents,
    jobs=[
        Job(name="apply_awaited_decisions", every_seconds=15, run=apply_awaited_adjudications),
        Job(name="issue_late_drafts", every_seconds=60, run=issue_late_drafts),
        Job(name="announce_due_installments", every_seconds=60, run=announce_due_installments),
        Job(name="announce_overdue_invoices", every_seconds=60, run=announce_overdue_invoices),
        Job(name="note_unpaid_installments", every_seconds=60, run=note_unpaid_installments),
        Job(name="announce_estimates", every_seconds=600, run=announce_estimates),
        Job(name="sum_months", every_seconds=3600, run=sum_months),
        EMPTY_EXPIRED_WORDS,
    ],
    proofs=[Proof("invoices", prove_invoices)],
    tallies=TALLIES,
    says_which_clinics=True,
    printed=True,
    migrations=Path(__file__).parents[2] / "migrations",
)
main = partial(run, service)
