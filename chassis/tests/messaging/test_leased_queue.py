"""A queue of work: several at once as far as there is room, through every fault, and to the end of what was begun."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from chassis.messaging import jobs
from chassis.messaging import leased_queue as leased_queue_module
from chassis.messaging.delays import IN_VAIN_MAX
from chassis.messaging.leased_queue import Leased, LeasedQueue
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness


class Numbers(LeasedQueue[int]):
    """Numbers are due; each is worked on until the test lets it go. Odd ones need no work where `only_even` is set."""

    def __init__(self, harness: ServiceHarness, *due: int, at_once: int = 2, only_even: bool = False) -> None:
        super().__init__(harness.database, bell="numbers", name="numbers", at_once=at_once)
        self.due = deque(due)
        self.only_even = only_even
        self.faults: list[Exception] = []
        self.troubles: list[str | None] = []
        self.done: list[int] = []
        self.fault: Exception = LookupError("Mrs. Miller")
        self.released = asyncio.Event()

    def identity(self, item: int) -> str:
        return str(item)

    async def lease(self, free: int) -> Leased[int]:
        self.troubles.append(self.trouble)
        if self.faults:
            raise self.faults.pop()
        taken = [self.due.popleft() for _ in range(min(free, len(self.due)))]
        return Leased(len(taken), [one for one in taken if not self.only_even or one % 2 == 0])

    async def work(self, item: int) -> None:
        await self.released.wait()
        if item < 0:
            raise self.fault
        self.done.append(item)


@asynccontextmanager
async def running(numbers: Numbers) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(numbers.run())
    try:
        yield task
    finally:
        numbers.released.set()
        numbers.stop()
        await task


def holds(fact: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def held() -> bool:
        return fact()

    return held


async def test_no_more_are_in_work_than_there_is_room_for_and_none_is_left_out(harness: ServiceHarness) -> None:
    """ALL-7."""
    numbers = Numbers(harness, *range(7))
    async with running(numbers):
        await eventually(holds(lambda: len(numbers.in_work) == 2))
        assert (list(numbers.due), numbers.free) == ([2, 3, 4, 5, 6], 0)
        numbers.released.set()
        await eventually(holds(lambda: sorted(numbers.done) == list(range(7))))


async def test_what_needs_no_work_makes_room_at_once(harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or a backlog of messages that are not to be sent any more would take half a second for every few of them."""
    monkeypatch.setattr(leased_queue_module, "POLL_SECONDS", 3_600.0)
    numbers = Numbers(harness, *[1] * 40, 2, only_even=True)
    numbers.released.set()
    async with running(numbers):
        await eventually(holds(lambda: numbers.done == [2]))


async def test_a_fault_of_the_database_is_told_and_outlived(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: readiness says so meanwhile."""
    monkeypatch.setattr(leased_queue_module, "PAUSE_AFTER_FAULT_SECONDS", 0.01)
    numbers = Numbers(harness, 1)
    numbers.faults.append(ConnectionResetError())
    numbers.released.set()
    async with running(numbers):
        await eventually(holds(lambda: numbers.done == [1]))
        assert numbers.troubles[:2] == [None, "ConnectionResetError"]
        assert numbers.trouble is None


async def test_an_error_that_nobody_thought_of_costs_one_item_and_is_told_by_its_kind(
    harness: ServiceHarness, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-6, ALL-7: and it is counted, in a figure that an alarm watches."""
    counted: list[tuple[int, Any]] = []
    monkeypatch.setattr(jobs._failed, "add", lambda *given: counted.append(given))
    numbers = Numbers(harness, -1, 1)
    numbers.released.set()
    async with running(numbers) as task:
        await eventually(holds(lambda: numbers.done == [1] and not numbers.in_work))
        assert not task.done()
    (told,) = [record for record in caplog.records if record.message == "left to its lease"]
    assert told.__dict__["error"].startswith("LookupError in Numbers.work")
    assert "Miller" not in caplog.text
    assert counted == [(1, {"job.name": told.__dict__["job"]})]


async def test_an_item_that_is_interrupted_again_and_again_is_counted_and_holds_up_no_other(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: the database leases it each time, so it is not away; it was a line of the log for ever."""
    counted: list[tuple[int, Any]] = []
    monkeypatch.setattr(jobs._failed, "add", lambda *given: counted.append(given))
    numbers = Numbers(harness, *[-1, 1] * (IN_VAIN_MAX - 1), -2, at_once=1)
    numbers.fault = ConnectionResetError()
    numbers.released.set()
    async with running(numbers):
        await eventually(holds(lambda: len(numbers.done) == IN_VAIN_MAX - 1 and not numbers.due))
        assert counted == [], "that the surroundings interrupt is nothing yet"
        numbers.due.extend([-1, 2])
        await eventually(holds(lambda: numbers.done[-1] == 2))
    assert counted == [(1, {"job.name": "numbers"})]


async def test_who_is_stopped_finishes_what_is_in_work_and_takes_nothing_more(harness: ServiceHarness) -> None:
    """ALL-7."""
    numbers = Numbers(harness, 1, 2, 3)
    task = asyncio.create_task(numbers.run())
    await eventually(holds(lambda: len(numbers.in_work) == 2))
    numbers.stop()
    assert not task.done()
    numbers.released.set()
    await task
    assert (sorted(numbers.done), list(numbers.due)) == ([1, 2], [3])


async def test_a_bell_wakes_it_long_before_it_would_look_by_itself(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leased_queue_module, "POLL_SECONDS", 3_600.0)
    numbers = Numbers(harness)
    numbers.released.set()
    async with running(numbers):
        await eventually(holds(lambda: bool(numbers.troubles)))
        numbers.due.append(1)
        harness.database.bell.ring("numbers")
        await eventually(holds(lambda: numbers.done == [1]))
