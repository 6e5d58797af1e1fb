"""Jobs: what happens on the clock, in one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.database.faults import DATABASE_FAULTS
from chassis.database.lease import Lease
from chassis.messaging.errors import is_transient, reason_of, reason_of_interruption

AGAIN_SECONDS = 5.0
"""After a fault of the surroundings, before or in a run: an hourly job is not to wait an hour for that."""
ELSEWHERE_SECONDS = 1.0
"""At least so long it is left to another process that does it, before it is asked again whether that one still does."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so often: `run` is given the service's resources."""

    name: str
    every_seconds: float
    run: Callable[[Any], Coroutine[Any, Any, None]]


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
                seconds = await self._run_once(job, lease)
                try:
                    async with asyncio.timeout(seconds):
                        await self._stopping.wait()
                except TimeoutError:
                    continue
        finally:
            await lease.close()

    async def _run_once(self, job: Job, lease: Lease) -> float:
        """Run a job if no other process does; after how many seconds to look again."""
        name = f"job:{self._service}:{job.name}"
        try:
            taken = await lease.take(name)
            self._troubles.pop(job.name, None)
            if not taken:
                return max(job.every_seconds, ELSEWHERE_SECONDS)
            await self._run_taken(job, lease, name)
        except DATABASE_FAULTS as fault:
            self._troubles[job.name] = reason_of_interruption(fault)
            logger.warning("job interrupted", extra={"job": job.name, "error": self._troubles[job.name]})
            await lease.close()
        except Exception as error:
            level = logging.WARNING if is_transient(error) else logging.ERROR
            logger.log(level, "job failed", extra={"job": job.name, "error": reason_of(error)})
            if not is_transient(error):
                return job.every_seconds
        else:
            return job.every_seconds
        return min(job.every_seconds, AGAIN_SECONDS)

    async def _run_taken(self, job: Job, lease: Lease, name: str) -> None:
        """Run a job under its lease."""
        try:
            await lease.hold(job.run(self._resources))
        finally:
            await lease.give_back(name)
