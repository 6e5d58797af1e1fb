"""Whoever writes a composed document and its task in the queue, or several tasks, locks them in one order (`ALL-7`)."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.database import Database, Work
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts.domain.render_task import ASKED_FOR, RenderTask
from receipts.persistence import composed_documents, render_tasks
from receipts.use_cases.store_document import StoreDocument, store_document
from receipts_events import Practice


@pytest.fixture
def document_id() -> UUID:
    return uuid4()


def task_of(practice: Practice, document_id: UUID, rendition: str = "original") -> RenderTask:
    return RenderTask(document_id, rendition, practice.clinic_id, "statement", priority=ASKED_FOR)


async def asked_for(work: Work, practice: Practice, document_id: UUID) -> None:
    await composed_documents.keep(work.connection, document_id, practice.clinic_id, "statement", {}, work.now)


async def leased(harness: ServiceHarness) -> RenderTask:
    async with harness.database.transaction([], "test") as work:
        (one,) = await render_tasks.lease(work.connection, lease_id=new_id(), count=1, seconds=60)
    return one


async def until_waiting(harness: ServiceHarness, others: int = 1) -> None:
    """Until so many of the service's transactions wait for a lock of another one."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)

    async def waits() -> bool:
        waiting: int = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return waiting >= others

    try:
        await eventually(waits)
    finally:
        await connection.close()


async def test_a_document_that_is_asked_for_again_while_it_is_stored(
    harness: ServiceHarness, practice: Practice, document_id: UUID
) -> None:
    """ALL-7, RCP-5: whoever asks has the document and is about to write the task; whoever stores comes in between."""
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        await asked_for(work, practice, document_id)
        await render_tasks.add(work.connection, [task_of(practice, document_id)])
    task = await leased(harness)
    async with harness.database.transaction([practice.clinic_id], "again") as work:
        await asked_for(work, practice, document_id)
        storing = asyncio.create_task(stored(harness.database, practice, task))
        await until_waiting(harness)
        await render_tasks.add(work.connection, [task_of(practice, document_id)])
    assert await storing
    async with harness.database.reading([practice.clinic_id]) as connection:
        assert await composed_documents.find(connection, document_id) is not None


async def stored(database: Database, practice: Practice, task: RenderTask) -> bool:
    async with database.transaction([practice.clinic_id], "worker") as work:
        return await store_document(work, StoreDocument(task, b"%PDF"))


async def test_a_document_that_is_removed_while_it_is_stored(
    harness: ServiceHarness, practice: Practice, document_id: UUID
) -> None:
    """ALL-7, ALL-9: forgetting removes what was composed, and its tasks."""
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        await asked_for(work, practice, document_id)
        await render_tasks.add(work.connection, [task_of(practice, document_id)])
    task = await leased(harness)
    async with harness.database.transaction([practice.clinic_id], "forgets") as work:
        await composed_documents.remove_all(work.connection, [practice.clinic_id])
        storing = asyncio.create_task(stored(harness.database, practice, task))
        await until_waiting(harness)
    assert not await storing


async def test_two_who_ask_for_the_same_documents_the_other_way_round(
    harness: ServiceHarness, practice: Practice
) -> None:
    """ALL-7, RCP-5: several receipts printed as one, in any order, and whoever keeps its leases meanwhile."""
    low, high = sorted((uuid4(), uuid4()))
    tasks = [task_of(practice, low), task_of(practice, high)]
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        await render_tasks.add(work.connection, tasks)
    async with harness.database.transaction([], "test") as work:
        ours = await render_tasks.lease(work.connection, lease_id=new_id(), count=2, seconds=60)
    for given in (tasks, tasks[::-1]):
        async with harness.database.transaction([practice.clinic_id], "first") as work:
            await render_tasks.add(work.connection, [task_of(practice, low)])
            others = [
                asyncio.create_task(asked(harness.database, practice, given)),
                asyncio.create_task(extended(harness.database, sorted(ours, key=lambda our: our.document_id != high))),
            ]
            await until_waiting(harness, 2)
            await render_tasks.add(work.connection, [task_of(practice, high)])
        await asyncio.gather(*others)
    for our in ours:
        async with harness.database.transaction([practice.clinic_id], "test") as work:
            assert await render_tasks.done(work.connection, our)


async def asked(database: Database, practice: Practice, tasks: list[RenderTask]) -> None:
    async with database.transaction([practice.clinic_id], "second") as work:
        await render_tasks.add(work.connection, tasks)


async def extended(database: Database, tasks: list[RenderTask]) -> None:
    async with database.transaction([], "worker") as work:
        await render_tasks.extend(work.connection, tasks, seconds=60)
