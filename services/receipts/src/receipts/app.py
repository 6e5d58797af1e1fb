"""The service, declared: what it answers, what it listens to, how it renders."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from chassis.cli import run
from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.entry import SettingUnusable
from chassis.http import Arrivals
from chassis.http.admission import Admission
from chassis.http.health import Troubled
from chassis.messaging.jobs import Job
from chassis.proof import Proven
from chassis.resources import Resources
from chassis.service import Loop, OutsideProof, OwnCommand, Proof, Service
from contracts.personal import without_person
from contracts.receipts import TOPIC as RECEIPTS

from receipts.consumers import SUBSCRIPTIONS
from receipts.consumers.receipts import on_announced_receipts, on_receipts_known_again
from receipts.documents.figures.books import Books
from receipts.documents.figures.installments import Installments
from receipts.documents.render.limits import RenderingLimits
from receipts.documents.render.processes import RenderProcesses
from receipts.documents.store.address import BucketAccess
from receipts.documents.store.document_store import DocumentStore
from receipts.documents.store.opening import store_at
from receipts.domain.errors import StoreUnavailable
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
from receipts.jobs import delete_expired_documents, remove_objects
from receipts.jobs.move_all_documents import move_all_documents
from receipts.jobs.remove_composed_documents import EVERY_SECONDS, remove_composed_documents
from receipts.jobs.render_documents import Rendering
from receipts.jobs.verify_all_documents import verify_all_documents
from receipts.persistence import requested_documents
from receipts.persistence.tallies import TALLIES
from receipts.settings import ReceiptsSettings
from receipts.use_cases.prove_documents import prove_documents
from receipts.use_cases.prove_receipts import prove_receipts
from receipts.use_cases.recognize_store import recognize_store

FOR_SERVICES = 4
"""One in so many connections to the database, at most, serves what other services fetch here."""
logger = logging.getLogger(__name__)
MIGRATIONS = Path(__file__).parents[2] / "migrations"


@asynccontextmanager
async def lifespan(resources: Resources) -> AsyncIterator[None]:
    """The ways to the figures of payments and of invoicing, the store of documents, and what renders."""
    settings: ReceiptsSettings = resources.settings
    timeout_seconds = settings.payments_timeout_seconds
    resources.state.books = Books(settings.payments_url, timeout_seconds=timeout_seconds)
    resources.state.installments = Installments(settings.invoicing_url, timeout_seconds=timeout_seconds)
    resources.state.documents = Arrivals(resources.database, requested_documents.BELL, requested_documents.arrived)
    resources.state.for_services = line_for_services(settings)
    try:
        async with store_beside(resources), rendering_beside(resources):
            yield
    finally:
        await resources.state.books.close()
        await resources.state.installments.close()


@asynccontextmanager
async def store_beside(resources: Resources) -> AsyncIterator[None]:
    """The store of documents. Raises SettingUnusable where no waiting mends what is wrong with it."""
    settings: ReceiptsSettings = resources.settings
    secret = settings.aws_secret_access_key
    access = BucketAccess(
        access_key_id=settings.aws_access_key_id,
        secret_access_key=secret.get_secret_value() if secret else "",
        region=settings.aws_region,
        endpoint=settings.aws_endpoint_url,
    )
    store = store_at(settings.document_store_url, access, timeout_seconds=settings.document_store_seconds)
    resources.state.store = store
    try:
        if store.keeps:
            await begin_with(resources.database, store)
        yield
    finally:
        await store.close()


async def begin_with(database: Database, store: DocumentStore) -> None:
    """Mark a new store, wait for one that is away or without the documents. Raises SettingUnusable."""
    try:
        await recognize_store(database, store)
    except StoreUnavailable as away:
        if away.for_good:
            raise SettingUnusable("DOCUMENT_STORE_URL", away.why) from None
        logger.warning("document store not ready", extra={"reason": away.why})
    except SESSION_FAULTS as fault:
        logger.warning("document store not looked at", extra={"reason": type(fault).__name__})


async def store_check(database: Database, store: DocumentStore) -> None:
    """Whether the store answers and has the documents, for readiness of what renders. Raises Troubled."""
    try:
        await recognize_store(database, store)
    except StoreUnavailable as away:
        raise Troubled(str(away)) from None


async def prove_documents_of(resources: Resources, clinic_id: UUID) -> Proven:
    """The proof of what a clinic has in the store."""
    return await prove_documents(resources.database, resources.state.store, clinic_id)


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
    resources.state.rendering = Rendering(resources.database, processes, resources.state.store)
    try:
        yield
    finally:
        await processes.close()


def loops(resources: Resources) -> list[Loop]:
    """A worker renders, unless it is told to have no processes for it; it is ready where the store answers."""
    store: DocumentStore = resources.state.store
    if store.keeps:
        resources.checks["documents"] = partial(store_check, resources.database, store)
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
    record_again=on_receipts_known_again,
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
        Job(name="remove_objects", every_seconds=remove_objects.EVERY_SECONDS, run=remove_objects.remove_objects),
    ],
    lifespan=lifespan,
    loops=loops,
    proofs=[Proof("receipts", prove_receipts), OutsideProof("documents", prove_documents_of)],
    commands=[
        OwnCommand("move-documents", "documents from the database into their store", move_all_documents),
        OwnCommand(
            "verify-documents", "rehash all documents in their store; exit 1 on a difference", verify_all_documents
        ),
    ],
    tallies=TALLIES,
)
main = partial(run, service)
