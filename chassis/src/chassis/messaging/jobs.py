"""Jobs: what happens on the clock, in one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.database.faults import DATABASE_FAULTS
from chassis.database.lease import Lease, LeaseLost
from chassis.messaging.errors import is_transient, reason_of, reason_of_interruption

AGAIN_SECONDS = 5.0
"""After the database could not be asked for a lease: an hourly job is not to wait an hour for that."""

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
        self._troubles: dict[str, str] = {job.name: "it has not begun yet" for job in jobs}

    @property
    def trouble(self) -> str | None:
        """What keeps a job from being begun, by name; None where nothing does. What a run itself fails of is logged."""
        return next((f"{name}: {trouble}" for name, trouble in self._troubles.items()), None)

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
                asked = await self._run_once(job, lease)
                try:
                    async with asyncio.timeout(job.every_seconds if asked else min(job.every_seconds, AGAIN_SECONDS)):
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

    async def _run_once(self, job: Job, lease: Lease) -> bool:
        """Run a job if no other process does; False where that could not even be asked."""
        name = f"job:{self._service}:{job.name}"
        try:
            taken = await lease.take(name)
        except DATABASE_FAULTS as fault:
            self._troubles[job.name] = reason_of_interruption(fault)
            await self._interrupted(job, lease, fault)
            return False
        self._troubles.pop(job.name, None)
        if taken:
            await self._run_taken(job, lease, name)
        return True

    async def _run_taken(self, job: Job, lease: Lease, name: str) -> None:
        """Run a job under its lease; a failure is logged, and the next beat tries again."""
        try:
            try:
                await self._run_while_held(job, lease)
            finally:
                await lease.give_back(name)
        except DATABASE_FAULTS as fault:
            await self._interrupted(job, lease, fault)
        except Exception as error:
            level = logging.WARNING if is_transient(error) else logging.ERROR
            logger.log(level, "job failed", extra={"job": job.name, "error": reason_of(error)})

    async def _interrupted(self, job: Job, lease: Lease, fault: BaseException) -> None:
        logger.warning("job interrupted", extra={"job": job.name, "error": reason_of_interruption(fault)})
        await lease.close()
