"""Whose document is next: each clinic has its turn, whatever another has waiting (`RCP-7`); turns are counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from receipts.documents.render.limits import RenderingLimits
from receipts.documents.render.processes import RenderProcesses
from receipts.documents.render.render_job import RenderJob
from receipts.domain.render_task import ASKED_FOR, EVENT, LATER, RenderTask
from receipts.jobs.render_documents import BY_TURN_EACH, Rendering
from receipts.persistence import render_tasks
from receipts.settings import ReceiptsSettings
from receipts_bombs import Endless
from receipts_events import Practice
from receipts_rendering import render_all
from sqlalchemy import text


class Queue:
    """The queue of what is to be rendered, and what is taken from it as the worker takes it, one after the other."""

    def __init__(self, harness: ServiceHarness, rendering: Rendering) -> None:
        self._database = harness.database
        self._taking = Rendering(harness.database, rendering.processes, rendering.store)

    async def add(self, clinic_id: UUID, count: int, priority: int = EVENT) -> list[UUID]:
        """Ask for documents of a clinic at once."""
        tasks = [RenderTask(new_id(), "original", clinic_id, "receipt", priority=priority) for _ in range(count)]
        async with self._database.transaction([], "test") as work:
            await render_tasks.add(work.connection, tasks)
        return [task.document_id for task in tasks]

    async def take(self, count: int) -> list[RenderTask]:
        """Take one document after the other, each when the one before is done."""
        taken = []
        for _ in range(count):
            async with self._database.transaction([], "test") as work:
                (task,) = await self._taking._taken(work, 1, None)
                await render_tasks.done(work.connection, task)
            taken.append(task)
        return taken

    async def fail(self) -> RenderTask:
        """Take one document, and have it tried again at once."""
        async with self._database.transaction([], "test") as work:
            (task,) = await self._taking._taken(work, 1, None)
            await render_tasks.postpone(work.connection, task, seconds=-1, failure="broken")
        return task

    async def turns_until(self, document_id: UUID, most: int) -> int:
        """How many documents are taken until this one is."""
        for turns in range(1, most + 1):
            if (await self.take(1))[0].document_id == document_id:
                return turns
        raise AssertionError(f"not within {most} turns")


@pytest_asyncio.fixture(loop_scope="session")
async def queue(harness: ServiceHarness, rendering: Rendering) -> AsyncIterator[Queue]:
    await render_all(harness, rendering)
    yield Queue(harness, rendering)
    async with harness.database.transaction([], "test") as work:
        await work.connection.execute(text("DELETE FROM render_tasks WHERE state = 'queued'"))


@pytest.mark.rule("RCP-7.3")
async def test_one_document_does_not_wait_behind_five_hundred_of_another_clinic(queue: Queue) -> None:
    """RCP-7, ALL-4."""
    many, one = new_id(), new_id()
    await queue.add(many, 500)
    await queue.take(100)
    (wanted,) = await queue.add(one, 1)
    assert await queue.turns_until(wanted, most=3) <= 3


async def test_what_persons_of_one_clinic_ask_for_holds_up_no_receipt_of_another(queue: Queue) -> None:
    """RCP-7, ALL-4."""
    many, one = new_id(), new_id()
    await queue.add(many, 500, ASKED_FOR)
    (receipt,) = await queue.add(one, 1, EVENT)
    assert await queue.turns_until(receipt, most=2 * BY_TURN_EACH) <= BY_TURN_EACH
    (later,) = await queue.add(one, 1, LATER)
    assert await queue.turns_until(later, most=2 * BY_TURN_EACH) <= BY_TURN_EACH


async def test_what_a_person_waits_for_comes_before_what_all_clinics_have_waiting(queue: Queue) -> None:
    for _ in range(20):
        await queue.add(new_id(), 20)
    clinic = new_id()
    await queue.add(clinic, 50)
    (wanted,) = await queue.add(clinic, 1, ASKED_FOR)
    assert await queue.turns_until(wanted, most=3) <= 2


@pytest.mark.rule("RCP-7.3")
async def test_clinics_take_turns(queue: Queue) -> None:
    """RCP-7, ALL-4: also those that come later, with much: they take turns from then on, and overtake nobody."""
    first, second, third = new_id(), new_id(), new_id()
    await queue.add(first, 60)
    await queue.add(second, 60)
    counted = Counter(one.clinic_id for one in await queue.take(40))
    assert all(19 <= counted[clinic] <= 21 for clinic in (first, second))
    await queue.add(third, 60)
    counted = Counter(one.clinic_id for one in await queue.take(60))
    assert set(counted) == {first, second, third}
    assert all(19 <= count <= 21 for count in counted.values())


async def test_when_nothing_is_left_nobody_is_behind_for_what_was_made_before(queue: Queue) -> None:
    busy, other = new_id(), new_id()
    await queue.add(busy, 100)
    await queue.take(100)
    await queue.add(other, 50)
    (wanted,) = await queue.add(busy, 1)
    assert await queue.turns_until(wanted, most=4) <= 3


async def test_a_document_that_is_tried_again_waits_for_its_turn(queue: Queue) -> None:
    broken, others = new_id(), [new_id() for _ in range(3)]
    (wanted,) = await queue.add(broken, 1)
    assert (await queue.fail()).document_id == wanted
    for other in others:
        await queue.add(other, 50)
    assert (await queue.fail()).document_id == wanted
    assert await queue.turns_until(wanted, most=12) > 1


async def test_one_that_is_asked_for_by_a_person_now_gets_a_turn_among_those(queue: Queue) -> None:
    busy, other = new_id(), new_id()
    await queue.add(busy, 200)
    (wanted,) = await queue.add(other, 1)
    async with queue._database.transaction([], "test") as work:
        task = RenderTask(wanted, "original", other, "receipt", priority=ASKED_FOR)
        await render_tasks.add(work.connection, [task])
    assert await queue.turns_until(wanted, most=2) <= 2


class Bombs(RenderProcesses):
    """Processes for which each document of a clinic, told by its name, goes on for ever; which were begun is noted."""

    def __init__(self, name: str) -> None:
        usual = ReceiptsSettings().render_processes
        super().__init__(
            RenderingLimits(
                processes=usual, documents_per_process=100, seconds_per_document=0.5, seconds_between_looks=0.05
            )
        )
        self.begun: list[str] = []
        self._name = name

    async def make(self, job: RenderJob, *, afresh: bool = False) -> bytes:
        name = job.clinic.name
        if name == self._name:
            job = replace(job, clinic=Endless())  # type: ignore[arg-type]
        self.begun.append(name)
        return await super().make(job, afresh=afresh)


async def test_bombs_of_one_clinic_hold_another_up_for_as_many_as_are_in_work(
    harness: ServiceHarness, queue: Queue
) -> None:
    """ALL-4: with as many processes as there are by default; its document is among the next that are begun."""
    bad, good = Practice(), Practice()
    await harness.deliver(bad.configured(name="Bombs"), bad.registered(), good.configured(), good.registered())
    await harness.deliver(*(bad.paid(None, 0, credit=1_000) for _ in range(20)))
    processes = Bombs("Bombs")
    loop = Rendering(harness.database, processes, harness.resources.state.store)
    running = asyncio.create_task(loop.run())

    async def all_are_in_work() -> bool:
        return len(loop.in_work) == loop.at_once

    async def is_told() -> bool:
        return bool(await harness.announced(ReceiptIssued, clinic_id=good.clinic_id))

    try:
        await eventually(all_are_in_work, within_seconds=60)
        await harness.deliver(good.paid(None, 0, credit=1_000))
        before = len(processes.begun)
        await eventually(is_told, within_seconds=60)
        own = next(place for place, name in enumerate(processes.begun) if name != "Bombs")
        assert own - before <= loop.at_once + BY_TURN_EACH
    finally:
        loop.stop()
        for task in loop.in_work:
            task.cancel()
        await running
        await processes.close()
