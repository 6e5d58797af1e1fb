"""The rendering: crashes, poison, hanging processes; nothing lost, nothing stored twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from dataclasses import replace
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.render.order import Order
from receipts.documents.render.processes import RenderingFailed, RenderingLimits, RenderProcesses
from receipts.jobs.rendering import MOST_ATTEMPTS, Rendering
from receipts.persistence import render_tasks
from receipts.use_cases.store_document import StoreDocument, store_document
from receipts_events import Practice
from receipts_rendering import render_due
from receipts_samples import CLINIC, invoice, money, payment, receipt_content
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


async def lease_all(harness: ServiceHarness, seconds: float) -> list[render_tasks.RenderTask]:
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


async def test_a_leased_document_is_not_taken_by_another_worker(harness: ServiceHarness, practice: Practice) -> None:
    receipt_id = await pay(harness, practice)
    first, second = await asyncio.gather(lease_all(harness, 0.5), lease_all(harness, 0.5))
    assert [task.document_id for task in first + second].count(receipt_id) == 1


async def test_what_a_person_waits_for_is_made_first_and_what_a_service_asks_for_in_its_turn(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """A day's invoices, asked for to be sent by email, must not hold up the receipts of the day."""
    while await render_due(rendering):
        pass
    mailed, printed = practice.invoiced(), practice.invoiced()
    await harness.deliver(mailed, printed)
    receipt_id = await pay(harness, practice)
    for subject, asked_for in (("service:notifications", mailed), ("clerk:7f1c", printed)):
        async with harness.client(clinic_id=practice.clinic_id, subject=subject) as client:
            assert (await client.get(f"/v1/invoices/{asked_for.invoice_id}/pdf")).status_code == 404
    async with harness.database.transaction([], "test") as work:
        taken = [await render_tasks.lease(work.connection, lease_id=new_id(), count=1, seconds=1) for _ in range(10)]
    ours = [printed.invoice_id, receipt_id, mailed.invoice_id]
    assert [task.document_id for tasks in taken for task in tasks if task.document_id in ours] == ours


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
        for one in (receipt_id, healthy):
            assert (await client.post(f"/v1/set-aside-documents/{one}/retry")).status_code == 202
        assert (await client.post(f"/v1/set-aside-documents/{receipt_id}/retry")).status_code == 404
        while await render_due(rendering):
            pass
        assert (await client.get("/v1/prove")).json()["proven"]


class Breaking(RenderProcesses):
    """Fails as nobody thought of, with a text that quotes what it prints."""

    async def make(self, order: Order) -> bytes:
        raise KeyError(f"Mrs. Miller {order.kind}")


async def test_an_error_that_nobody_thought_of_is_told_by_its_kind_and_nothing_else(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, caplog: pytest.LogCaptureFixture
) -> None:
    """ALL-6, ALL-7."""
    while await render_due(rendering):
        pass
    receipt_id = await pay(harness, practice)
    processes = Breaking(RenderingLimits(processes=1, documents_per_process=1, seconds_per_document=1.0))
    await all_set_aside(harness, practice, Rendering(harness.database, processes), receipt_id)
    await processes.close()
    async with harness.client("operations", practice.clinic_id) as client:
        (listed,) = (await client.get("/v1/set-aside-documents")).json()["items"]
        assert listed["reason"].startswith("KeyError in Breaking.make:")
        assert listed["attempts"] == MOST_ATTEMPTS
        logged = [one for one in caplog.records if one.message == "document not made"]
        # Another test's document may be due again meanwhile; what is told of it is told by its kind, too.
        assert str(receipt_id) in {one.__dict__["document_id"] for one in logged}
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


def order(lines: int = 1) -> Order:
    one = invoice(lines)
    content = receipt_as_json(receipt_content(payment(one, money("10.00")), one))
    return Order(kind="receipt", content=content, clinic=CLINIC, brief=False)


async def test_a_process_that_is_killed_costs_its_document_one_attempt_and_no_other() -> None:
    limits = RenderingLimits(processes=1, documents_per_process=100, seconds_per_document=60.0)
    processes = RenderProcesses(limits)
    try:
        assert (await processes.make(order())).startswith(b"%PDF")
        (worker,) = processes.process_ids()
        making = asyncio.create_task(processes.make(order(lines=150)))
        await asyncio.sleep(0)
        os.kill(worker, signal.SIGKILL)
        with pytest.raises(RenderingFailed):
            await making
        assert (await processes.make(order())).startswith(b"%PDF")
    finally:
        await processes.close()


async def test_a_document_with_an_error_costs_only_itself_and_tells_only_its_kind() -> None:
    limits = RenderingLimits(processes=1, documents_per_process=100, seconds_per_document=60.0)
    processes = RenderProcesses(limits)
    try:
        broken = replace(order(), content={})
        with pytest.raises(RenderingFailed, match="ValidationError"):
            await processes.make(broken)
        assert (await processes.make(order())).startswith(b"%PDF")
    finally:
        await processes.close()


async def test_processes_are_replaced_before_they_grow() -> None:
    processes = RenderProcesses(RenderingLimits(processes=1, documents_per_process=2, seconds_per_document=60.0))
    try:
        seen = set()
        for _ in range(4):
            await processes.make(order())
            seen.update(processes.process_ids())
        assert len(seen) >= 2
    finally:
        await processes.close()


async def test_nothing_is_rendered_after_the_end() -> None:
    processes = RenderProcesses(RenderingLimits(processes=1, documents_per_process=2, seconds_per_document=60.0))
    await processes.close()
    with pytest.raises(RenderingFailed):
        await processes.make(order())


async def test_a_process_that_is_killed_while_it_starts_ends_nothing(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """ALL-7: the loop goes on, and the next document gets a process of its own."""
    while await render_due(rendering):
        pass
    before = {one.pid for one in multiprocessing.active_children()}
    processes = RenderProcesses(RenderingLimits(processes=1, documents_per_process=100, seconds_per_document=30.0))
    loop = Rendering(harness.database, processes)
    running = asyncio.create_task(loop.run())

    async def killed() -> bool:
        new = [one.pid for one in multiprocessing.active_children() if one.pid not in before and one.pid is not None]
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
