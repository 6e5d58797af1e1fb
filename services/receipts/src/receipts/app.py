"""The service, declared: what it answers, what it listens to, how it renders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from chassis.cli import run
from chassis.http import Arrivals
from chassis.http.admission import Admission
from chassis.messaging.jobs import Job
from chassis.resources import Resources
from chassis.service import Loop, Proof, Service
from contracts.personal import without_person
from contracts.receipts import TOPIC as RECEIPTS

from receipts.consumers import SUBSCRIPTIONS
from receipts.consumers.receipts import on_announced_receipts
from receipts.documents.figures.books import Books
from receipts.documents.figures.installments import Installments
from receipts.documents.render.limits import RenderingLimits
from receipts.documents.render.processes import RenderProcesses
from receipts.http import (
    books,
    document_previews,
    document_settings,
    document_templates,
    documents,
    installment_plans,
    invoices,
    notes,
    operations,
    receipts,
)
from receipts.http.problems import PROBLEMS
from receipts.jobs import delete_expired_documents
from receipts.jobs.remove_composed_documents import EVERY_SECONDS, remove_composed_documents
from receipts.jobs.render_documents import Rendering
from receipts.persistence import requested_documents
from receipts.persistence.tallies import TALLIES
from receipts.settings import ReceiptsSettings
from receipts.use_cases.prove_receipts import prove_receipts

FOR_SERVICES = 4
"""One in so many connections to the database, at most, serves what other services fetch here."""
MIGRATIONS = Path(__file__).parents[2] / "migrations"


@asynccontextmanager
async def lifespan(resources: Resources) -> AsyncIterator[None]:
    """The ways to the figures of payments and of invoicing, and what renders."""
    settings: ReceiptsSettings = resources.settings
    timeout_seconds = settings.payments_timeout_seconds
    resources.state.books = Books(settings.payments_url, timeout_seconds=timeout_seconds)
    resources.state.installments = Installments(settings.invoicing_url, timeout_seconds=timeout_seconds)
    resources.state.documents = Arrivals(resources.database, requested_documents.BELL, requested_documents.arrived)
    resources.state.for_services = line_for_services(settings)
    try:
        async with rendering_beside(resources):
            yield
    finally:
        await resources.state.books.close()
        await resources.state.installments.close()


def line_for_services(settings: ReceiptsSettings) -> Admission:
    """Where services stand in line, a line for each clinic: one place after the other goes to whose turn it is."""
    places = max(1, settings.database_pool_size // FOR_SERVICES)
    return Admission(places, places, settings.line_seconds)


@asynccontextmanager
async def rendering_beside(resources: Resources) -> AsyncIterator[None]:
    """The rendering loop, which a worker runs, and its processes."""
    settings: ReceiptsSettings = resources.settings
    limits = RenderingLimits(
        processes=settings.render_processes,
        documents_per_process=settings.render_documents_per_process,
        seconds_per_document=settings.render_seconds_per_document,
        megabytes_per_document=settings.render_megabytes_per_document,
        niceness=settings.render_niceness,
    )
    processes = RenderProcesses(limits)
    resources.state.rendering = Rendering(resources.database, processes)
    try:
        yield
    finally:
        await processes.close()


def loops(resources: Resources) -> list[Loop]:
    """A worker renders, unless it is told to have no processes for it."""
    return [resources.state.rendering] if resources.settings.render_processes else []


service = Service(
    name="receipts",
    description="What is proven: numbered, frozen PDF documents for payments, refunds and invoices.",
    settings=ReceiptsSettings,
    routers=[
        receipts.router,
        invoices.router,
        notes.router,
        installment_plans.router,
        books.router,
        documents.router,
        document_settings.router,
        document_templates.router,
        document_previews.router,
        operations.router,
    ],
    problems=PROBLEMS,
    without_person=without_person,
    subscriptions=SUBSCRIPTIONS,
    announces=[RECEIPTS],
    skip_numbers=on_announced_receipts,
    batch=250,  # its memory counts: API and worker are one process, and a document takes longer than its message
    printed=True,
    migrations=MIGRATIONS,
    jobs=[
        Job(name="remove_composed_documents", every_seconds=EVERY_SECONDS, run=remove_composed_documents),
        Job(
            name="delete_expired_documents",
            every_seconds=delete_expired_documents.EVERY_SECONDS,
            run=delete_expired_documents.delete_expired_documents,
        ),
    ],
    lifespan=lifespan,
    loops=loops,
    proofs=[Proof("receipts", prove_receipts)],
    tallies=TALLIES,
)
main = partial(run, service)
