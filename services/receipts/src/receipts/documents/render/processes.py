"""The rendering processes: few, niced, recycled before they grow, replaced when they die or hang; the loop only waits.

Each process has a pipe of its own and makes one document at a time. `multiprocessing.Pool` was tried: a process that is
killed while it waits for work takes the pool's lock with it, and the pool stands still for ever; and
`ProcessPoolExecutor` hangs when it recycles on CPython 3.11 (gh-115634). Processes are forked from a server that has
imported WeasyPrint once, so that a new one is ready within a fraction of a second.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.machinery import ModuleSpec
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from receipts.documents.render.limits import RenderingLimits
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.watching import Watch
from receipts.documents.render.worker import serve

T = TypeVar("T")

_TOLD_SECONDS = 60.0
_LEAVE_SECONDS = 1.0
_END_SECONDS = 5.0
_UNKNOWN = 255
"""What `multiprocessing` says of a process whose end nobody saw, as the server that it was forked from is gone."""
_FROM_OUTSIDE = frozenset({None, 0, _UNKNOWN, *(-one for one in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP))})
"""How a process ends that did nothing wrong; what the machine kills when memory is short ends by SIGKILL, too."""


class RenderingFailed(Exception):
    """A document was not made, and why, without its contents: an error's text may quote personal data (`ALL-6`)."""


class RenderingInterrupted(RenderingFailed):
    """The process that made the document was ended from outside, or hung: the document is not to blame."""


class _Worker:
    """One process at the other end of a pipe. Its methods block, and are called in a thread."""

    def __init__(self, limits: RenderingLimits) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(
            [f"receipts.documents.render.{name}" for name in ("engine", "registry", "stamp")]
        )
        self.documents = 0
        self._limits = limits
        self._pipe: Connection[Any, Any]
        try:
            self._pipe, theirs = context.Pipe()
            self.process = context.Process(target=serve, args=(theirs, limits), daemon=True)
            self.process.start()
            theirs.close()
        except (EOFError, OSError) as error:
            raise RenderingInterrupted(f"no rendering process could be started: {type(error).__name__}") from None

    def warm_up(self) -> None:
        """Wait until it is ready for its first document. Raises RenderingInterrupted."""
        try:
            self._answer()
        except (EOFError, OSError):
            raise RenderingInterrupted("the rendering process ended before it was ready") from None

    def make(self, job: RenderJob) -> bytes:
        """The PDF. Raises RenderingFailed for a bad document, RenderingInterrupted where it is not to blame."""
        try:
            self._pipe.send(job)
        except OSError:
            raise RenderingInterrupted("the rendering process had ended") from None
        self.documents += 1
        try:
            pdf, failure = self._answer()
        except (EOFError, OSError):
            raise self._why_it_ended(job) from None
        if pdf is None:
            raise RenderingFailed(failure or "the rendering process gave nothing")
        return pdf

    def _answer(self) -> tuple[bytes | None, str | None]:
        """Wait for it as long as the process lives and does something, or would if it had a processor."""
        watch = Watch(self.process.pid or 0)
        while not self._pipe.poll(self._limits.seconds_between_looks):
            if watch.hangs():
                raise RenderingInterrupted("the rendering process did nothing and gave no answer")
        answer: tuple[bytes | None, str | None] = self._pipe.recv()
        return answer

    def _why_it_ended(self, job: RenderJob) -> RenderingFailed:
        """What a process that died on a document says of it: by its own doing, or killed by somebody else."""
        self.process.join(_TOLD_SECONDS)
        code = self.process.exitcode
        if code in _FROM_OUTSIDE or code is None:
            return RenderingInterrupted("the rendering process was ended")
        if code == -signal.SIGPROF:
            return RenderingFailed(f"the document takes more than {self._limits.seconds_of(job):g} s of processor time")
        how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return RenderingFailed(f"the rendering process broke down on the document: {how}")

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

    async def make(self, job: RenderJob, *, afresh: bool = False) -> bytes:
        """The PDF of a job, once a place is free; `afresh`, by a process that made no other document before.

        Raises RenderingFailed for a bad document, RenderingInterrupted where it is not to blame.
        """
        worker = await self._places.get()
        try:
            if worker is not None and afresh and worker.documents:
                await self._remove(worker)
                worker = None
            worker = worker or await self._new()
            pdf = await self._threaded(worker.make, job)
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
        """A process that is ready. Raises RenderingInterrupted."""
        worker = await self._threaded(_Worker, self.limits)
        self._workers.add(worker)
        try:
            await self._threaded(worker.warm_up)
        except BaseException:
            worker.process.kill()
            await self._remove(worker)
            raise
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
