"""Jobs: what happens on the clock, in one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from opentelemetry import metrics

from chassis.database import Database, Work
from chassis.database.clinic_directory import clinics_by_part
from chassis.database.faults import DATABASE_FAULTS
from chassis.database.lease import Lease
from chassis.messaging.delays import IN_VAIN_MAX
from chassis.messaging.errors import is_transient, reason_of, reason_of_interruption
from chassis.messaging.halving import in_halves

AGAIN_SECONDS = 5.0
"""After a fault of the surroundings, before or in a run: an hourly job is not to wait an hour for that."""
ELSEWHERE_SECONDS = 1.0
"""At least so long it is left to another process that does it, before it is asked again whether that one still does."""

CLINICS_AT_ONCE = 200
"""Whose rows one transaction sees."""

logger = logging.getLogger(__name__)
_meter = metrics.get_meter("chassis.messaging")
_failed = _meter.create_counter("dental_billing.jobs.failed", unit="{run}")


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every so often: `run` is given the service's resources."""

    name: str
    every_seconds: float
    run: Callable[[Any], Coroutine[Any, Any, None]]


async def each_clinic(actor: str, clinic_ids: Sequence[UUID], do: Callable[[Sequence[UUID]], Awaitable[None]]) -> None:
    """Do a job's work for these clinics together; one by which that fails is left out, named and counted (`ALL-4`).

    `actor` is who does it (`job:sum_days`), `do` is for some of them, and can be done again. Raises what is transient.
    """
    job = actor.removeprefix("job:")

    def left_out(clinic_id: UUID, reason: str) -> None:
        logger.error("job failed for a clinic", extra={"job": job, "clinic_id": str(clinic_id), "error": reason})
        count_failed(actor)

    await in_halves(clinic_ids, do, left_out)


async def each_set(database: Database, actor: str, do_some: Callable[[Work, Sequence[UUID]], Awaitable[bool]]) -> None:
    """Go through all clinics: `do_some` does some of what there is of these, and says whether there may be more.

    Each time is one transaction: what was done and that it was done commit together, whatever is killed between.
    """

    async def do_all(listed: Sequence[UUID]) -> None:
        more = True
        while more:
            async with database.transaction(listed, actor) as work:
                more = await do_some(work, listed)

    async for listed in clinics_by_part(database, CLINICS_AT_ONCE):
        await each_clinic(actor, listed, do_all)


def count_failed(actor: str) -> None:
    """Count a part of a run that failed and was left out, so that somebody is told; `actor` as above."""
    _failed.add(1, {"job.name": actor.removeprefix("job:")})


class Jobs:
    """Runs a service's jobs; each run holds the job's lease, so replicas do not do it at the same time."""

    def __init__(self, service: str, url: str, jobs: Sequence[Job], resources: Any) -> None:
        self._service = service
        self._url = url
        self._jobs = jobs
        self._resources = resources
        self._stopping = asyncio.Event()
        self._troubles: dict[str, str] = {job.name: "it has not begun yet" for job in jobs}
        self._in_vain: Counter[str] = Counter()
        """How often in a row a run of a job was interrupted that had been begun."""

    @property
    def trouble(self) -> str | None:
        """What keeps a job from being begun, or interrupts it again and again, by name; None where nothing does.

        What a run itself fails of is logged, and counted.
        """
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
        taken = False
        try:
            taken = await lease.take(name)
            if not taken or self._in_vain[job.name] < IN_VAIN_MAX:
                self._troubles.pop(job.name, None)
            if not taken:
                return max(job.every_seconds, ELSEWHERE_SECONDS)
            await self._run_taken(job, lease, name)
        except DATABASE_FAULTS as fault:
            self._in_vain[job.name] += taken
            self._troubles[job.name] = reason_of_interruption(fault)
            logger.warning("job interrupted", extra={"job": job.name, "error": self._troubles[job.name]})
            await lease.close()
            return min(job.every_seconds, AGAIN_SECONDS)
        except Exception as error:
            level = logging.WARNING if is_transient(error) else logging.ERROR
            logger.log(level, "job failed", extra={"job": job.name, "error": reason_of(error)})
            if is_transient(error):
                self._in_vain[job.name] += 1
                if self._in_vain[job.name] >= IN_VAIN_MAX:
                    self._troubles[job.name] = reason_of_interruption(error)
                return min(job.every_seconds, AGAIN_SECONDS)
            _failed.add(1, {"job.name": job.name})
        self._in_vain[job.name] = 0
        self._troubles.pop(job.name, None)
        return job.every_seconds

    async def _run_taken(self, job: Job, lease: Lease, name: str) -> None:
        """Run a job under its lease."""
        try:
            await lease.hold(job.run(self._resources))
        finally:
            await lease.give_back(name)
