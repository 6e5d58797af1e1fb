"""The rendering processes: few, niced, recycled before they grow, replaced when they die or hang; the loop only waits.

Each process has a pipe of its own and makes one document at a time. `multiprocessing.Pool` was tried: a process that is
killed while it waits for work takes the pool's lock with it, and the pool stands still for ever; and
`ProcessPoolExecutor` hangs when it recycles on CPython 3.11 (gh-115634). Processes are forked from a server that has
imported WeasyPrint once, so that a new one is ready within a fraction of a second.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from receipts.documents.render.order import Order
from receipts.documents.render.press import serve

T = TypeVar("T")

_READY_SECONDS = 60.0
_GRACE_SECONDS = 5.0
_LEAVE_SECONDS = 1.0
_END_SECONDS = 5.0


class RenderingFailed(Exception):
    """A document was not made, and why, without its contents: an error's text may quote personal data (`ALL-6`)."""


class RenderingInterrupted(RenderingFailed):
    """The process that made the document ended or hung."""


@dataclass(frozen=True, kw_only=True)
class RenderingLimits:
    """How many processes, after how many documents each is replaced, and how long one document may take."""

    processes: int
    documents_per_process: int
    seconds_per_document: float


class _Worker:
    """One process at the other end of a pipe. Its methods block, and are called in a thread."""

    def __init__(self, seconds_per_document: float) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(
            [f"receipts.documents.render.{name}" for name in ("engine", "registry", "stamp")]
        )
        self.documents = 0
        self._seconds = seconds_per_document
        self._pipe: Connection[Any, Any]
        self._pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, seconds_per_document), daemon=True)
        self.process.start()
        theirs.close()
        try:
            self._answer(_READY_SECONDS)
        except RenderingInterrupted:
            self.end()
            raise

    def make(self, order: Order) -> bytes:
        """The PDF. Raises RenderingInterrupted when the process dies or hangs, RenderingFailed for a bad document."""
        try:
            self._pipe.send(order)
        except OSError:
            raise RenderingInterrupted("the rendering process had ended") from None
        self.documents += 1
        pdf, failure = self._answer(self._seconds + _GRACE_SECONDS)
        if failure is not None:
            raise RenderingFailed(failure)
        made: bytes = pdf
        return made

    def _answer(self, seconds: float) -> tuple[Any, str | None]:
        try:
            if not self._pipe.poll(seconds):
                raise RenderingInterrupted(f"the rendering process gave no answer within {seconds:g} seconds")
            answer: tuple[Any, str | None] = self._pipe.recv()
        except (EOFError, OSError):
            raise RenderingInterrupted("the rendering process ended") from None
        return answer

    def end(self) -> None:
        """End the process: it goes by itself when its pipe is closed, unless it hangs."""
        self._pipe.close()
        self.process.join(_LEAVE_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join(_END_SECONDS)


class RenderProcesses:
    """A fixed number of places for processes; each is filled when it is first needed, or when its process is gone."""

    def __init__(self, limits: RenderingLimits) -> None:
        self.limits = limits
        self._threads = ThreadPoolExecutor(max(limits.processes, 1), thread_name_prefix="rendering")
        self._workers: set[_Worker] = set()
        self._places: asyncio.Queue[_Worker | None] = asyncio.Queue()
        for _ in range(max(limits.processes, 1)):
            self._places.put_nowait(None)
        self._closed = False
        _leave_main_alone()

    async def start(self) -> None:
        """Fill the places; each process warms itself, so that the first document is as fast as the others."""
        await asyncio.gather(*(self._fill() for _ in range(self._places.qsize())))

    async def make(self, order: Order) -> bytes:
        """The PDF of an order, once a place is free. Raises RenderingFailed."""
        worker = await self._places.get()
        try:
            worker = worker or await self._new()
            pdf = await self._threaded(worker.make, order)
        except RenderingFailed:
            await self._remove(worker)
            worker = None
            raise
        except asyncio.CancelledError:
            if worker is not None:
                worker.process.kill()
            worker = None
            raise
        else:
            if worker.documents >= self.limits.documents_per_process:
                await self._remove(worker)
                worker = None
            return pdf
        finally:
            self._places.put_nowait(worker)

    def process_ids(self) -> list[int]:
        """The processes as the machine's operator sees them; none before the first document."""
        return [pid for worker in self._workers if (pid := worker.process.pid) is not None]

    async def close(self) -> None:
        """End the processes; what they were making is lost, and is made again by whoever leases it next."""
        self._closed = True
        workers, self._workers = self._workers, set()
        for worker in workers:
            worker.process.kill()
        await asyncio.to_thread(self._threads.shutdown)
        await asyncio.gather(*(asyncio.to_thread(worker.end) for worker in workers))

    async def _fill(self) -> None:
        worker = await self._places.get()
        try:
            worker = worker or await self._new()
        finally:
            self._places.put_nowait(worker)

    async def _new(self) -> _Worker:
        if self._closed:
            raise RenderingInterrupted("the rendering processes have ended")
        worker = await self._threaded(_Worker, self.limits.seconds_per_document)
        self._workers.add(worker)
        return worker

    async def _remove(self, worker: _Worker | None) -> None:
        if worker in self._workers and worker is not None:
            self._workers.discard(worker)
            await asyncio.to_thread(worker.end)

    async def _threaded(self, function: Callable[..., T], *arguments: Any) -> T:
        if self._closed:
            raise RenderingInterrupted("the rendering processes have ended")
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _leave_main_alone() -> None:
    """Let the processes start without running this process's main script once more: they need nothing of it.

    `multiprocessing` passes over a main module that is a package's `__main__`; a console script it would import, with
    the whole service behind it.
    """
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is None:
        main.__spec__ = ModuleSpec("receipts.__main__", None)
