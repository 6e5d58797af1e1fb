"""Jobs: what happens on the clock, in one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.database.faults import DATABASE_FAULTS
from chassis.database.lease import Lease, LeaseLost
from chassis.messaging.errors import is_transient, reason_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so often: `run` is given the service's resources."""

    name: str
    every_seconds: float
    run: Callable[[Any], Awaitable[None]]


class Jobs:
    """Runs a service's jobs; each run holds the job's lease, so replicas do not do it at the same time."""

    def __init__(self, service: str, url: str, jobs: Sequence[Job], resources: Any) -> None:
        self._service = service
        self._url = url
        self._jobs = jobs
        self._resources = resources
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Run all jobs, each on its own beat, until stopped."""
        await asyncio.gather(*(self._repeat(job) for job in self._jobs))

    def stop(self) -> None:
        """End after the runs in progress."""
        self._stopping.set()

    async def _repeat(self, job: Job) -> None:
        lease = Lease(self._url, f"{self._service}-jobs")
        try:
            while not self._stopping.is_set():
                await self._run_once(job, lease)
                try:
                    async with asyncio.timeout(job.every_seconds):
                        await self._stopping.wait()
                except TimeoutError:
                    continue
        finally:
            await lease.close()

    async def _run_while_held(self, job: Job, lease: Lease) -> None:
        """Run a job; where its lease is lost meanwhile, another process may begin it, so this run is cut short."""
        running = asyncio.ensure_future(job.run(self._resources))
        lost = asyncio.create_task(lease.lost.wait())
        try:
            await asyncio.wait({running, lost}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                raise LeaseLost
            await running
        finally:
            for task in (running, lost):
                task.cancel()
            await asyncio.gather(running, lost, return_exceptions=True)

    async def _run_once(self, job: Job, lease: Lease) -> None:
        """Run a job if no other process does; a failure is logged, and the next beat tries again."""
        name = f"job:{self._service}:{job.name}"
        try:
            if await lease.take(name):
                try:
                    await self._run_while_held(job, lease)
                finally:
                    await lease.give_back(name)
        except DATABASE_FAULTS as fault:
            logger.warning("job interrupted", extra={"job": job.name, "error": type(fault).__name__})
            await lease.close()
        except Exception as error:
            level = logging.WARNING if is_transient(error) else logging.ERROR
            logger.log(level, "job failed", extra={"job": job.name, "error": reason_of(error)})
