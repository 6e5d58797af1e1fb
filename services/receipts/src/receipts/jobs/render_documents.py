"""The rendering loop: leases what is to be rendered, hands it to the rendering processes, stores what they made.

Where it is killed, a lease runs out, another worker takes the task, and what was stored is never made again. As long
as it lives it keeps its leases, however long a document takes on a busy machine: a document is given up only for what
it did itself, never because it was slow or because its process was ended from outside.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace

from chassis.database import Database, Work
from chassis.database.faults import SESSION_FAULTS
from chassis.identifiers import new_id
from chassis.messaging.errors import is_transient, reason_of
from chassis.messaging.leased_queue import Leased, LeasedQueue
from pydantic import ValidationError

from chassis import telemetry
from receipts.documents.render.processes import RenderingFailed, RenderingInterrupted, RenderProcesses
from receipts.documents.render.render_job import RenderJob
from receipts.documents.store.document_store import DocumentStore
from receipts.domain.errors import ReceiptsError, StoreUnavailable
from receipts.domain.render_task import PREVIEW, RenderTask
from receipts.domain.stored_document import StoredDocument
from receipts.persistence import composed_documents, render_tasks, requested_documents
from receipts.persistence.render_tasks import BELL
from receipts.use_cases.keep_object import KeepObject, keep_object
from receipts.use_cases.load_render_job import load_render_job
from receipts.use_cases.recognize_store import recognize_store
from receipts.use_cases.store_document import StoreDocument, store_document

ACTOR = "job:render_documents"
LEASE_SECONDS = 20.0
"""How long a document of a worker that has died waits for another one; leases are extended at a third of it."""
BY_TURN_EACH = 3
"""Each third time it is whoever's turn it is, so that what persons ask for, however much, starves nobody (`ALL-4`)."""
MOST_ATTEMPTS = 5
LONGEST_DELAY_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0
"""After an interruption: a document that others end again and again does not keep them from the processes."""
STORE_SECONDS = 0.25
"""How long a store that was away is waited for before something else is made; it may still answer later."""
LONGEST_FAILURE = 300

logger = logging.getLogger(__name__)
_rendered = telemetry.meter.create_counter("dental_billing.documents.rendered", unit="{document}")
_set_aside = telemetry.meter.create_counter("dental_billing.documents.set_aside", unit="{document}")


class Rendering(LeasedQueue[RenderTask]):
    """One worker's loop; at most `2 x processes` documents are leased at a time, each for `lease_seconds` anew."""

    def __init__(
        self,
        database: Database,
        processes: RenderProcesses,
        store: DocumentStore,
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        super().__init__(database, bell=BELL, name="render_documents", at_once=2 * processes.limits.processes)
        self.processes = processes
        self.store = store
        self._lease_seconds = lease_seconds
        self._extended_at = 0.0
        self._leases = 0
        self._asking: asyncio.Task[bool] | None = None

    async def run(self) -> None:
        """Render until stopped, then finish what is in work."""
        warming = asyncio.create_task(self._warm_up(), name="warm up")
        await super().run()
        await warming

    async def _warm_up(self) -> None:
        """Fill the places ahead, holding nothing up; one that fails now is filled when a document needs it."""
        try:
            await self.processes.start()
        except RenderingFailed as failure:
            logger.warning("no process ready yet", extra={"error": str(failure)})

    def identity(self, task: RenderTask) -> str:
        """The document, as it is wanted."""
        return f"{task.document_id} {task.rendition}"

    async def lease(self, free: int) -> Leased[RenderTask]:
        """Keep what is in work, then take more, as far as there is room; in this order, or we took our own again."""
        now = asyncio.get_running_loop().time()
        ours = list(self.in_work.values()) if now - self._extended_at >= self._lease_seconds / 3 else []
        if not free and not ours:
            return Leased(0, [])
        only = await self._kinds()
        async with self.database.transaction([], ACTOR) as work:
            if ours:
                await render_tasks.extend(work.connection, ours, seconds=self._lease_seconds)
            leased = await self._taken(work, free, only) if free else []
        if ours or not self.in_work:
            self._extended_at = now
        return Leased(len(leased), leased)

    async def _kinds(self) -> Collection[str] | None:
        """While the store is away, what is not kept there: all else waits, and none of it for a store that hangs."""
        if not self.store.trouble:
            return None
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._store_recognized(), name="ask the store")
        await asyncio.wait({self._asking}, timeout=STORE_SECONDS)
        return None if self._asking.done() and self._asking.result() else composed_documents.KINDS

    async def _store_recognized(self) -> bool:
        try:
            await recognize_store(self.database, self.store)
        except (StoreUnavailable, *SESSION_FAULTS):
            return False
        return True

    async def _taken(self, work: Work, count: int, only: Collection[str] | None) -> list[RenderTask]:
        self._leases += 1
        return await render_tasks.lease(
            work.connection,
            lease_id=new_id(),
            count=count,
            seconds=self._lease_seconds,
            order="urgency" if self._leases % BY_TURN_EACH else "turn",
            only=only,
        )

    async def work(self, task: RenderTask) -> None:
        """Make one document from beginning to end; a fault of the surroundings leaves it to its lease."""
        parent = telemetry.extracted(task.traceparent, task.tracestate)
        attributes = {"document.kind": task.kind, "document.rendition": task.rendition}
        with telemetry.span("render document", parent=parent, attributes=attributes):
            error = await self._unforeseen(task)
            if error is not None:
                logger.error("document not made", extra={"document_id": str(task.document_id), "error": error})
                await self._fail(task, error)

    async def _unforeseen(self, task: RenderTask) -> str | None:
        """Make and store a document; the kind of an error that nobody thought of, which is not to cost the loop.

        Without what the error says, which may quote personal data (`ALL-6`).
        """
        (ended,) = await asyncio.gather(self._made_and_stored(task), return_exceptions=True)
        if isinstance(ended, Exception) and not is_transient(ended):
            return reason_of(ended)[:LONGEST_FAILURE]
        if ended is not None:
            raise ended
        return None

    async def _made_and_stored(self, task: RenderTask) -> None:
        try:
            loaded = await load_render_job(self.database, self.store, task)
            pdf, broken = (loaded.made, None) if loaded.made else await self._made(task, loaded.job)
            await self._store(task, pdf, broken)
        except (RenderingInterrupted, StoreUnavailable) as interruption:
            await self._put_back(task, str(interruption))
        except (RenderingFailed, ReceiptsError) as error:
            await self._fail(task, str(error)[:LONGEST_FAILURE])
        except ValidationError:
            await self._fail(task, "the frozen content cannot be read")

    async def _made(self, task: RenderTask, job: RenderJob) -> tuple[bytes, str | None]:
        """The PDF, and why the clinic's own template did not make it, where it did not (`RCP-6`)."""
        try:
            return await self.processes.make(job, afresh=task.attempts > 0), None
        except RenderingInterrupted:
            raise
        except RenderingFailed as failure:
            if job.own is None or task.kind == PREVIEW:
                raise
            told = {"document_id": str(task.document_id), "kind": task.kind, "reason": str(failure)}
            logger.warning("made without the clinic's own template", extra=told)
            pdf = await self.processes.make(replace(job, own=None), afresh=True)
            return pdf, str(failure)[:LONGEST_FAILURE]

    async def _store(self, task: RenderTask, pdf: bytes, broken: str | None) -> None:
        """The object first, then the row that says it is there. Raises StoreUnavailable, DocumentDamaged."""
        in_store = self.store.keeps and task.kind not in composed_documents.KINDS
        if in_store:
            kept = KeepObject(clinic_id=task.clinic_id, document=StoredDocument.of(pdf), subject=ACTOR)
            await keep_object(self.database, self.store, kept)
        async with self.database.transaction([task.clinic_id], ACTOR) as work:
            stored = await store_document(work, StoreDocument(task, pdf, broken, in_store=in_store))
        if stored:
            _rendered.add(1, {"kind": task.kind, "rendition": task.rendition})

    async def _put_back(self, task: RenderTask, why: str) -> None:
        """Have a document made again, as often as it takes: it is not to blame."""
        told = {"document_id": str(task.document_id), "reason": why, "interruptions": task.interruptions + 1}
        logger.warning("rendering interrupted", extra=told)
        delay = min(FIRST_PAUSE_SECONDS * 2.0 ** min(task.interruptions, 10), LONGEST_PAUSE_SECONDS)
        async with self.database.transaction([task.clinic_id], ACTOR) as work:
            await render_tasks.put_back(work.connection, task, seconds=delay)

    async def _fail(self, task: RenderTask, failure: str) -> None:
        """Try a document again later, each time much later, and set it aside in the end (`ALL-7`).

        A preview is not tried again: who waits for it is told at once.
        """
        if task.attempts + 1 >= (1 if task.kind == PREVIEW else MOST_ATTEMPTS):
            await self._give_up(task, failure)
            return
        delay = min(2.0**task.attempts, LONGEST_DELAY_SECONDS)
        async with self.database.transaction([task.clinic_id], ACTOR) as work:
            await render_tasks.postpone(work.connection, task, seconds=delay, failure=failure)

    async def _give_up(self, task: RenderTask, failure: str) -> None:
        told = {"document_id": str(task.document_id), "reason": failure}
        if task.kind == PREVIEW:
            logger.info("preview refused", extra=told)
        else:
            logger.error("document set aside", extra=told)
            _set_aside.add(1, {"kind": task.kind})
        async with self.database.transaction([task.clinic_id], ACTOR) as work:
            await render_tasks.set_aside(work.connection, task, failure)
            work.ring(requested_documents.BELL)
