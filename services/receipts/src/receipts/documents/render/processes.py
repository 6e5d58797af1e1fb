"""The rendering processes: few, niced, recycled before they grow, replaced when they hang; the event loop only waits.

`multiprocessing.Pool` and not `ProcessPoolExecutor`, whose recycling hangs on CPython 3.11 (gh-115634). Processes are
forked from a server that has imported WeasyPrint once, so that a recycled one is back within a fraction of a second.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import sys
from dataclasses import dataclass
from importlib.machinery import ModuleSpec
from multiprocessing.pool import Pool
from typing import Any

from receipts.documents.render.press import Order, RenderingTooSlow, prepare, printed

_GRACE_SECONDS = 5.0


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


class RenderProcesses:
    """A pool that is begun on first use, and begun anew when a process hangs."""

    def __init__(self, limits: RenderingLimits) -> None:
        self.limits = limits
        self._pool: Pool | None = None
        self._changing = asyncio.Lock()
        self._closed = False

    async def start(self) -> None:
        """Begin the processes; each warms itself, so that the first document is as fast as the others."""
        async with self._changing:
            if self._pool is None and not self._closed:
                self._pool = await asyncio.to_thread(self._begun)

    def _begun(self) -> Pool:
        _leave_main_alone()
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["receipts.documents.render.engine", "receipts.documents.render.registry"])
        return context.Pool(
            self.limits.processes, initializer=prepare, maxtasksperchild=self.limits.documents_per_process
        )

    async def make(self, order: Order) -> bytes:
        """The PDF of an order. Raises RenderingFailed."""
        await self.start()
        pool = self._pool
        if pool is None:
            raise RenderingInterrupted("the rendering processes are ending")
        loop = asyncio.get_running_loop()
        made: asyncio.Future[bytes] = loop.create_future()
        pool.apply_async(
            printed,
            (order, self.limits.seconds_per_document),
            callback=lambda pdf: _from_thread(loop, made, pdf, None),
            error_callback=lambda error: _from_thread(loop, made, None, error),
        )
        # A waiting order may have a whole document of every process before it.
        seconds = 2 * self.limits.seconds_per_document + _GRACE_SECONDS
        try:
            async with asyncio.timeout(seconds):
                return await made
        except TimeoutError:
            await self._begin_anew(pool)
            raise RenderingInterrupted(f"no process had made the document after {seconds:g} seconds") from None

    def process_ids(self) -> list[int]:
        """The processes as the machine's operator sees them; none before the first document."""
        workers: list[Any] = getattr(self._pool, "_pool", [])
        return [worker.pid for worker in workers]

    async def _begin_anew(self, hung: Pool) -> None:
        """Replace the pool, unless another order has done so already."""
        async with self._changing:
            if self._pool is hung:
                self._pool = None
                await asyncio.to_thread(_end, hung)
        await self.start()

    async def close(self) -> None:
        """End the processes; what they were making is lost, and is made again by whoever leases it next."""
        async with self._changing:
            self._closed = True
            pool, self._pool = self._pool, None
            if pool is not None:
                await asyncio.to_thread(_end, pool)


def _leave_main_alone() -> None:
    """Let the processes start without running this process's main script once more: they need nothing of it.

    `multiprocessing` passes over a main module that is a package's `__main__`; a console script it would import, with
    the whole service behind it.
    """
    main = sys.modules["__main__"]
    if getattr(main, "__spec__", None) is None:
        main.__spec__ = ModuleSpec("receipts.__main__", None)


def _end(pool: Pool) -> None:
    pool.terminate()
    pool.join()


def _from_thread(
    loop: asyncio.AbstractEventLoop, made: asyncio.Future[Any], pdf: bytes | None, error: BaseException | None
) -> None:
    """Hand a result over from the pool's thread; the loop may be gone, or nobody may wait any more."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(_settle, made, pdf, error)


def _settle(made: asyncio.Future[Any], pdf: bytes | None, error: BaseException | None) -> None:
    if made.done():
        return
    if error is not None:
        made.set_exception(RenderingFailed(_reason(error)))
    else:
        made.set_result(pdf)


def _reason(error: BaseException) -> str:
    return str(error) if isinstance(error, RenderingTooSlow) else type(error).__name__
