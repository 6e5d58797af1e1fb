"""The rendering: crashes, poison, hanging processes; nothing lost, nothing stored twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from receipts.documents.render.limits import RenderingLimits
from receipts.documents.render.processes import RenderProcesses
from receipts.documents.render.render_job import RenderJob
from receipts.domain.render_task import RenderTask
from receipts.jobs.render_documents import MOST_ATTEMPTS, Rendering
from receipts.persistence import render_tasks
from receipts.use_cases.store_document import StoreDocument, store_document
from receipts_bombs import Endless, Sleeping
from receipts_events import Practice
from receipts_rendering import render_all, render_due
from receipts_set_aside import all_set_aside, break_documents, mend_documents, set_aside_ids
from sqlalchemy import text


async def pay(harness: ServiceHarness, practice: Practice) -> UUID:
    """A payment whose receipt is still to be rendered; gives the receipt's id."""
    one = practice.paid(None, 0, credit=1_000)
    await harness.deliver(one)
    async with harness.database.reading([practice.clinic_id]) as connection:
        found = await connection.scalar(
            text("SELECT receipt_id FROM receipts WHERE transaction_id = :id"), {"id": one.transaction_id}
        )
    return UUID(str(found))


async def lease_all(harness: ServiceHarness, seconds: float) -> list[RenderTask]:
    async with harness.database.transaction([], "test") as work:
        return await render_tasks.lease(work.connection, lease_id=new_id(), count=100, seconds=seconds)


async def test_a_worker_that_dies_between_snapshot_and_storing_loses_nothing(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """ALL-7: its lease runs out, another worker renders, and what the first made late is not stored."""
    while await render_due(rendering):
        pass
    receipt_id = await pay(harness, practice)
    (dead,) = await lease_all(harness, seconds=0)

    async def rendered() -> bool:
        await render_due(rendering)
        return bool(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id))

    await eventually(rendered)
    assert dead.document_id == receipt_id
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        assert not await store_document(work, StoreDocument(dead, b"%PDF-late"))
    assert len(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)) == 1


async def test_a_leased_document_is_not_taken_by_another_worker(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    receipt_id = await pay(harness, practice)
    first, second = await asyncio.gather(lease_all(harness, 60), lease_all(harness, 60))
    assert [task.document_id for task in first + second].count(receipt_id) == 1
    await render_all(harness, rendering)


async def test_what_a_person_waits_for_is_made_first_and_what_a_service_asks_for_in_its_turn(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """A day's invoices, asked for to be sent by email, must not hold up the receipts of the day."""
    while await render_due(rendering):
        pass
    mailed, printed = practice.invoiced(), practice.invoiced()
    await harness.deliver(mailed, printed)
    receipt_id = await pay(harness, practice)
    of_a_service = {"Clinic-Id": str(practice.clinic_id)}
    for headers, asked_for in ((of_a_service, mailed), ({}, printed)):
        async with harness.client(clinic_id=practice.clinic_id) as client:
            client.headers.update(headers)
            assert (await client.get(f"/v1/invoices/{asked_for.invoice_id}/pdf")).status_code == 404
    async with harness.database.transaction([], "test") as work:
        taken = [await render_tasks.lease(work.connection, lease_id=new_id(), count=1, seconds=60) for _ in range(10)]
    ours = [printed.invoice_id, receipt_id, mailed.invoice_id]
    assert [task.document_id for tasks in taken for task in tasks if task.document_id in ours] == ours
    await render_all(harness, rendering)


async def test_a_document_that_cannot_be_rendered_is_set_aside_and_can_be_retried(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """ALL-7."""
    receipt_id = await pay(harness, practice)
    healthy = await pay(harness, practice)
    await break_documents(harness, practice)
    await all_set_aside(harness, practice, rendering, receipt_id, healthy)
    async with harness.client("operations", practice.clinic_id) as client:
        listed = (await client.get("/v1/set-aside-documents")).json()["items"]
        assert {one["attempts"] for one in listed} == {MOST_ATTEMPTS}
        assert {one["reason"] for one in listed} == {"the frozen content cannot be read"}
        assert not (await client.get("/v1/prove")).json()["proven"]
        await mend_documents(harness, practice)
        for id_ in (receipt_id, healthy):
            assert (await client.post(f"/v1/set-aside-documents/{id_}/retry")).status_code == 202
        assert (await client.post(f"/v1/set-aside-documents/{receipt_id}/retry")).status_code == 404
        while await render_due(rendering):
            pass
        assert (await client.get("/v1/prove")).json()["proven"]


class Breaking(RenderProcesses):
    """Fails as nobody thought of, with a text that quotes what it prints."""

    async def make(self, job: RenderJob, *, afresh: bool = False) -> bytes:  # noqa: ARG002
        raise KeyError(f"Mrs. Miller {job.kind}")


async def test_an_error_that_nobody_thought_of_is_told_by_its_kind_and_nothing_else(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, caplog: pytest.LogCaptureFixture
) -> None:
    """ALL-6, ALL-7."""
    while await render_due(rendering):
        pass
    receipt_id = await pay(harness, practice)
    processes = Breaking(RenderingLimits(processes=1, documents_per_process=1, seconds_per_document=1.0))
    await all_set_aside(
        harness, practice, Rendering(harness.database, processes, harness.resources.state.store), receipt_id
    )
    await processes.close()
    async with harness.client("operations", practice.clinic_id) as client:
        (listed,) = (await client.get("/v1/set-aside-documents")).json()["items"]
        assert listed["reason"].startswith("KeyError in Breaking.make:")
        assert listed["attempts"] == MOST_ATTEMPTS
        logged = [record for record in caplog.records if record.message == "document not made"]
        assert {one.__dict__["document_id"] for one in logged} == {str(receipt_id)}
        assert all(one.__dict__["error"].startswith("KeyError") for one in logged)
        assert "Miller" not in caplog.text
        assert (await client.post(f"/v1/set-aside-documents/{receipt_id}/retry")).status_code == 202
    while await render_due(rendering):
        pass


async def test_where_one_of_several_receipts_is_set_aside_none_is_printed_and_it_is_named(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """PAY-7, RCP-5: a person waits in vain for it, so the answer says so at once, and not to ask again."""
    there = await pay(harness, practice)
    while await render_due(rendering):
        pass
    broken = await pay(harness, practice)
    await break_documents(harness, practice)
    await all_set_aside(harness, practice, rendering, broken)
    async with harness.client("receipts:read operations", practice.clinic_id) as client:
        wanted = {"id": [str(there), str(broken)]}
        answer = await client.get("/v1/receipts/print", params=wanted)
        assert (answer.status_code, answer.json()["type"].split(":")[-1]) == (409, "document-set-aside")
        assert answer.json()["missing"] == [str(broken)]
        assert str(broken) in answer.json()["detail"]
        assert "retry-after" not in answer.headers
        assert await set_aside_ids(harness, practice) == {broken}
        assert (await client.get("/v1/receipts/print", params={"id": [str(there)]})).status_code == 200
        await mend_documents(harness, practice)
        assert (await client.post(f"/v1/set-aside-documents/{broken}/retry")).status_code == 202
        while await render_due(rendering):
            pass
        assert (await client.get("/v1/receipts/print", params=wanted)).status_code == 200


@pytest.mark.usefixtures("worker")
async def test_the_running_loop_renders_what_is_committed(harness: ServiceHarness, practice: Practice) -> None:
    await pay(harness, practice)

    async def told() -> bool:
        return bool(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id))

    await eventually(told, within_seconds=60)


async def test_a_process_that_is_killed_while_it_starts_ends_nothing(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """ALL-7: the loop goes on, and the next document gets a process of its own."""
    while await render_due(rendering):
        pass
    before = {child.pid for child in multiprocessing.active_children()}
    processes = RenderProcesses(RenderingLimits(processes=1, documents_per_process=100, seconds_per_document=30.0))
    loop = Rendering(harness.database, processes, harness.resources.state.store)
    running = asyncio.create_task(loop.run())

    async def killed() -> bool:
        new = [
            child.pid
            for child in multiprocessing.active_children()
            if child.pid not in before and child.pid is not None
        ]
        for pid in new:
            os.kill(pid, signal.SIGKILL)
        return bool(new)

    try:
        await eventually(killed)
        await pay(harness, practice)

        async def rendered() -> bool:
            return bool(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id))

        await eventually(rendered, within_seconds=60)
        assert not running.done()
    finally:
        loop.stop()
        await running
        await processes.close()


TOO_MUCH = "the document takes more than 1 s of processor time"


def limited() -> RenderingLimits:
    """Limits that a document reaches soon that would go on for ever."""
    return RenderingLimits(processes=1, documents_per_process=100, seconds_per_document=1.0, seconds_between_looks=0.05)


@asynccontextmanager
async def running_loop(harness: ServiceHarness, processes: RenderProcesses) -> AsyncIterator[Rendering]:
    """A worker's loop of its own, whose leases are short."""
    loop = Rendering(harness.database, processes, harness.resources.state.store, lease_seconds=1.0)
    running = asyncio.create_task(loop.run())
    try:
        yield loop
        assert not running.done()
    finally:
        loop.stop()
        await running
        await processes.close()


async def all_told(harness: ServiceHarness, practice: Practice, receipts: int = 1) -> None:
    async def told() -> bool:
        return len(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)) == receipts

    await eventually(told, within_seconds=120)


async def queued(harness: ServiceHarness, document_id: UUID) -> Any:
    async with harness.database.reading([]) as connection:
        rows = await connection.execute(text("SELECT * FROM render_tasks WHERE document_id = :id"), {"id": document_id})
        return rows.one_or_none()


@pytest.mark.rule("RCP-7.2")
async def test_documents_whose_processes_stand_still_for_longer_than_every_limit_are_made(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-7, ALL-7: slowness of the machine is no reason to give a document up, and who makes it keeps its lease."""
    await render_all(harness, rendering)
    processes = RenderProcesses(limited())
    async with running_loop(harness, processes):
        await pay(harness, practice)
        await all_told(harness, practice)
        (pid,) = processes.process_ids()
        os.kill(pid, signal.SIGSTOP)
        try:
            await leased_anew_again_and_again(harness, await pay(harness, practice))
        finally:
            os.kill(pid, signal.SIGCONT)
        await all_told(harness, practice, receipts=2)
        assert processes.process_ids() == [pid]


async def leased_anew_again_and_again(harness: ServiceHarness, document_id: UUID) -> None:
    """Wait until a document was kept for many times as long as a lease lasts, by the one who leased it first."""
    leases: set[UUID] = set()
    until: set[datetime] = set()

    async def kept_for_longer_than_any_limit() -> bool:
        row = await queued(harness, document_id)
        if row.lease:
            leases.add(row.lease)
            until.add(row.leased_until)
        return len(until) > 8

    await eventually(kept_for_longer_than_any_limit, within_seconds=90)
    assert len(leases) == 1


class Trapping(RenderProcesses):
    """Puts a trap into documents with this number, while it is armed."""

    def __init__(self, limits: RenderingLimits, trap: type[Any], number: str) -> None:
        super().__init__(limits)
        self.armed = True
        self.tried = 0
        self._trap, self._number = trap, number

    async def make(self, job: RenderJob, *, afresh: bool = False) -> bytes:
        if self.armed and job.content["number"] == self._number:
            self.tried += 1
            job = replace(job, clinic=self._trap())
        return await super().make(job, afresh=afresh)


async def number_of(harness: ServiceHarness, practice: Practice, receipt_id: UUID) -> str:
    async with harness.client("receipts:read", practice.clinic_id) as client:
        return str((await client.get(f"/v1/receipts/{receipt_id}")).json()["number"])


def killed(processes: RenderProcesses) -> None:
    """Kill those that there are; one of them may have ended since it was counted."""
    for pid in processes.process_ids():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.rule("RCP-7.2")
async def test_a_document_whose_processes_are_killed_again_and_again_is_made(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-7, ALL-7: that counts for none of its attempts, however often."""
    await render_all(harness, rendering)
    receipt_id = await pay(harness, practice)
    limits = replace(limited(), seconds_between_looks=60.0)
    processes = Trapping(limits, Sleeping, await number_of(harness, practice, receipt_id))
    async with running_loop(harness, processes):

        async def killed_more_often_than_a_document_may_fail() -> bool:
            killed(processes)
            row = await queued(harness, receipt_id)
            return bool(row.interruptions > MOST_ATTEMPTS)

        await eventually(killed_more_often_than_a_document_may_fail, within_seconds=120)
        row = await queued(harness, receipt_id)
        assert (row.state, row.attempts, row.failure) == ("queued", 0, None)
        processes.armed = False
        killed(processes)
        await all_told(harness, practice)


@pytest.mark.rule("RCP-7.1")
async def test_a_bomb_is_set_aside_after_so_many_attempts_and_others_are_made_meanwhile(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-7, ALL-7."""
    await render_all(harness, rendering)
    bomb = await pay(harness, practice)
    processes = Trapping(limited(), Endless, await number_of(harness, practice, bomb))
    async with running_loop(harness, processes):
        for made in (1, 2):
            await pay(harness, practice)
            await all_told(harness, practice, made)
            assert (await queued(harness, bomb)).state == "queued"

        async def given_up() -> bool:
            return await set_aside_ids(harness, practice) == {bomb}

        await eventually(given_up, within_seconds=150)
        row = await queued(harness, bomb)
        assert (row.attempts, row.failure) == (MOST_ATTEMPTS, TOO_MUCH)
        assert processes.tried == MOST_ATTEMPTS
    async with harness.client("operations", practice.clinic_id) as client:
        assert (await client.post(f"/v1/set-aside-documents/{bomb}/retry")).status_code == 202
    await render_all(harness, rendering)
    assert len(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)) == 3
