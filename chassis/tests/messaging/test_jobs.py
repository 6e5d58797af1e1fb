"""Jobs: one process at a time does each, for as long as it holds the job's lease."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from chassis.database.lease import Lease
from chassis.identifiers import new_id
from chassis.messaging import jobs as jobs_module
from chassis.messaging.delays import IN_VAIN_MAX
from chassis.messaging.errors import reason_of_interruption
from chassis.messaging.jobs import Job, Jobs, each_clinic
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from sqlalchemy.exc import TimeoutError as PoolTimeout


async def test_a_job_whose_lease_is_cut_is_cut_short_and_done_again(harness: ServiceHarness) -> None:
    """ALL-7: another process may have begun it."""
    began, cut_short = asyncio.Semaphore(0), asyncio.Event()

    async def goes_on(_: Any) -> None:
        began.release()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cut_short.set()
            raise

    job = Job("goes_on", 0.01, goes_on)
    jobs = Jobs("sample", harness.database.url, [job], harness.resources)
    running = asyncio.create_task(jobs.run())
    admin = await asyncpg.connect(harness.owned.admin_dsn)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'sample-jobs'"
    )
    try:
        async with asyncio.timeout(30):
            await began.acquire()
            await admin.execute(cut, harness.owned.name)
            await cut_short.wait()
            await began.acquire()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await admin.close()


async def test_a_job_that_fails_is_tried_again_on_the_next_beat(harness: ServiceHarness) -> None:
    runs = 0

    async def fails(_: Any) -> None:
        nonlocal runs
        runs += 1
        raise LookupError("a bug of ours")

    jobs = Jobs("sample", harness.database.url, [Job("fails", 0.01, fails)], harness.resources)
    running = asyncio.create_task(jobs.run())

    async def twice() -> bool:
        return runs > 1

    await eventually(twice)
    jobs.stop()
    await running


async def test_a_clinic_by_which_a_job_fails_is_left_out_and_the_others_have_it_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """ALL-4: what is wrong with one is nobody else's trouble, and is counted."""
    clinics, counted = [new_id() for _ in range(9)], Counter[str]()
    done: set[UUID] = set()

    class Tally:
        def add(self, amount: int, attributes: dict[str, str]) -> None:
            counted[attributes["job.name"]] += amount

    async def do(some: Sequence[UUID]) -> None:
        if clinics[5] in some:
            raise LookupError("a zone that is none")
        done.update(some)

    monkeypatch.setattr(jobs_module, "_failed", Tally())
    await each_clinic("job:sums", clinics, do)
    assert done == {*clinics} - {clinics[5]}
    assert counted == {"sums": 1}


async def test_a_job_that_is_interrupted_does_not_wait_for_its_next_beat(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: under faults that come every minute, a job of every minute was never done."""
    monkeypatch.setattr(jobs_module, "AGAIN_SECONDS", 0.01)
    faults: list[Exception] = [ConnectionResetError(), TimeoutError(), asyncpg.AdminShutdownError("cut")]
    meanwhile: list[str | None] = []
    done = asyncio.Event()

    async def interrupted(_: Any) -> None:
        meanwhile.append(jobs.trouble)
        if faults:
            raise faults.pop()
        done.set()

    jobs = Jobs("sample", harness.database.url, [Job("interrupted", 3_600, interrupted)], harness.resources)
    running = asyncio.create_task(jobs.run())
    async with asyncio.timeout(30):
        await done.wait()
    jobs.stop()
    await running
    told = f"interrupted: {reason_of_interruption(ConnectionResetError())}"
    assert (meanwhile, jobs.trouble) == ([None, None, None, told], None)


async def test_a_job_that_the_database_refuses_for_ever_is_a_trouble(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: what SQLAlchemy tells of was a line of the log every few seconds, and the worker was ready."""

    async def refused(_: Any) -> None:
        raise PoolTimeout("no connection")

    jobs = Jobs("sample", harness.database.url, [Job("refused", 3_600, refused)], harness.resources)
    lease = Lease(harness.database.url, "one")
    told = []
    for _ in range(IN_VAIN_MAX + 1):
        assert await jobs._run_once(jobs._jobs[0], lease) == jobs_module.AGAIN_SECONDS
        told.append(jobs.trouble is not None)
    await lease.close()
    assert told == [False] * (IN_VAIN_MAX - 1) + [True, True]


async def test_who_does_not_have_the_lease_asks_once_a_second_and_no_more(harness: ServiceHarness) -> None:
    """A job that is done all the time had every other worker ask a thousand times a second."""
    holder = Lease(harness.database.url, "holder")
    assert await holder.take("job:sample:busy")
    jobs = Jobs("sample", harness.database.url, [Job("busy", 0.001, harness.run_job)], harness.resources)
    lease = Lease(harness.database.url, "another")
    assert await jobs._run_once(jobs._jobs[0], lease) == jobs_module.ELSEWHERE_SECONDS
    await holder.close()
    await lease.close()
