"""Documents in the object store: the object first, then the row; who dies or is away meanwhile (`RCP-1`, `ALL-7`)."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from receipts.documents.store.document_store import DocumentStore
from receipts.documents.store.folder import Folder
from receipts.domain.stored_document import ObjectKey, StoredDocument
from receipts.jobs.render_documents import Rendering
from receipts.persistence import object_removals, render_tasks
from receipts.use_cases.keep_object import KeepObject, keep_object
from receipts.use_cases.store_document import StoreDocument, store_document
from receipts_events import Practice
from receipts_rendering import render_all, render_due, skip_delays
from receipts_set_aside import as_owner
from receipts_stored import away, paid
from sqlalchemy import text

SCOPES = "receipts:read operations"
PDF = b"%PDF-1.7 whatever"


@pytest.fixture
def store(rendering: Rendering) -> DocumentStore:
    return rendering.store


async def rows(harness: ServiceHarness, practice: Practice) -> list[Any]:
    statement = text("SELECT * FROM stored_documents WHERE clinic_id = :id ORDER BY stored_at, rendition")
    async with harness.database.reading([practice.clinic_id]) as connection:
        return list((await connection.execute(statement, {"id": practice.clinic_id})).mappings())


async def planned(harness: ServiceHarness, practice: Practice) -> list[str]:
    """The hashes of the clinic's objects that are to be removed."""
    async with harness.database.reading([practice.clinic_id]) as connection:
        return list((await connection.execute(text("SELECT sha256 FROM object_removals"))).scalars())


async def objects(store: DocumentStore, practice: Practice) -> set[str]:
    return {key.sha256 async for keys in store.listed(practice.clinic_id) for key in keys}


async def a_day_later(harness: ServiceHarness, practice: Practice) -> None:
    """The grace is over, by the database's clock, and the job runs."""
    await as_owner(harness, "UPDATE object_removals SET due_at = now() WHERE clinic_id = $1", practice.clinic_id)
    await harness.run_job("remove_objects")


@pytest.mark.rule("RCP-1.2", "RCP-1.4")
async def test_a_receipt_s_bytes_lie_in_the_store_and_its_row_says_which(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, documents_folder: Path
) -> None:
    path = await paid(harness, practice)
    await render_all(harness, rendering)
    (row,) = await rows(harness, practice)
    assert (row["in_store"], row["pdf"], row["media_type"]) == (True, b"", "application/pdf")
    pdf = (documents_folder / ObjectKey(practice.clinic_id, row["sha256"]).path).read_bytes()
    assert (hashlib.sha256(pdf).hexdigest(), len(pdf)) == (row["sha256"], row["size_bytes"])
    async with harness.client(SCOPES, practice.clinic_id) as client:
        answer = await client.get(path)
        assert (answer.status_code, answer.content) == (200, pdf)
        assert answer.headers["etag"] == f'"{row["sha256"]}"'
        assert (await client.get("/v1/prove")).json()["proven"]
    assert await planned(harness, practice) == []


async def test_copies_are_stamped_over_the_stored_original_and_several_are_printed_as_one(
    harness: ServiceHarness, practice: Practice, rendering: Rendering
) -> None:
    """RCP-1.3, RCP-5.1: whatever reads an original reads it from the store."""
    paths = [await paid(harness, practice) for _ in range(3)]
    await render_all(harness, rendering)
    async with harness.client(SCOPES, practice.clinic_id) as client:
        assert (await client.get(paths[0], params={"copy": "true"})).status_code == 404
        await render_all(harness, rendering)
        copy = await client.get(paths[0], params={"copy": "true"})
        assert (copy.status_code, copy.content[:4]) == (200, b"%PDF")
        ids = [path.split("/")[3] for path in paths]
        assert (await client.get("/v1/receipts/print", params={"transaction_id": ids})).status_code == 200


@pytest.mark.rule("RCP-1.5")
async def test_while_the_store_is_away_receipts_wait_and_statements_are_made(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, documents_folder: Path
) -> None:
    """ALL-7: nothing is set aside, no attempt counts, and each receipt is issued once when it is back."""
    await render_all(harness, rendering)
    path = await paid(harness, practice)
    async with harness.client(SCOPES + " settings:read", practice.clinic_id) as client:
        with away(documents_folder):
            for _ in range(3):
                await skip_delays(harness)
                await render_due(rendering)
            assert await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id) == []
            assert (await client.post("/v1/document-previews", json={"kind": "invoice"})).status_code == 404
            await render_due(rendering)
            assert (await client.post("/v1/document-previews", json={"kind": "invoice"})).status_code == 200
            assert await attempts(harness, practice) == [0]
        await render_all(harness, rendering)
        assert (await client.get(path)).status_code == 200
    assert len(await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id)) == 1


class Hanging(Folder):
    """A folder of a file system that answers no more, or again."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.answers = asyncio.Event()

    async def read(self, path: str) -> bytes | None:
        await self.answers.wait()
        return await super().read(path)


@pytest.mark.rule("RCP-1.5")
async def test_a_store_that_hangs_holds_up_no_statement(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, documents_folder: Path
) -> None:
    """Each look into the queue waited for it, as long as a question may take: nothing else was begun meanwhile."""
    await render_all(harness, rendering)
    folder = Hanging(documents_folder)
    store = DocumentStore(folder, timeout_seconds=600.0)
    store.trouble = "no answer"
    beside = Rendering(harness.database, rendering.processes, store)
    path = await paid(harness, practice)
    async with harness.client(SCOPES + " settings:read", practice.clinic_id) as client, asyncio.timeout(300):
        assert (await client.post("/v1/document-previews", json={"kind": "invoice"})).status_code == 404
        assert await render_due(beside) == 1
        assert (await client.post("/v1/document-previews", json={"kind": "invoice"})).status_code == 200
        folder.answers.set()
        await render_all(harness, beside)
        assert (await client.get(path)).status_code == 200
    await store.close()


async def attempts(harness: ServiceHarness, practice: Practice) -> list[int]:
    async with harness.database.reading([]) as connection:
        found = await connection.execute(
            text("SELECT attempts FROM render_tasks WHERE clinic_id = :id"), {"id": practice.clinic_id}
        )
        return list(found.scalars())


@pytest.mark.rule("RCP-1.5")
async def test_whoever_reads_while_the_store_is_away_is_told_when_to_ask_again_and_the_rest_is_answered(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, documents_folder: Path
) -> None:
    """ALL-2, ALL-7."""
    path = await paid(harness, practice)
    await render_all(harness, rendering)
    async with harness.client(SCOPES, practice.clinic_id) as client:
        with away(documents_folder):
            answer = await client.get(path)
            assert problem(answer) == (503, "document-store-unavailable")
            assert int(answer.headers["retry-after"]) > 0
            assert (await client.get("/v1/receipts")).status_code == 200
            assert not (await client.get("/v1/prove")).json()["proven"]
        assert (await client.get(path)).status_code == 200


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


@pytest.mark.rule("RCP-1.4")
@pytest.mark.parametrize("lost", [True, False])
async def test_a_document_whose_bytes_are_gone_or_others_is_served_to_nobody_and_named_by_the_proof(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, documents_folder: Path, *, lost: bool
) -> None:
    """ALL-8; and nothing is stamped over it."""
    path = await paid(harness, practice)
    await render_all(harness, rendering)
    (row,) = await rows(harness, practice)
    place = documents_folder / ObjectKey(practice.clinic_id, row["sha256"]).path
    pdf = place.read_bytes()
    place.unlink()
    if not lost:
        place.write_bytes(pdf + b"\n")
    async with harness.client(SCOPES, practice.clinic_id) as client:
        answer = await client.get(path)
        assert problem(answer) == (500, "document-damaged")
        assert row["sha256"] in answer.json()["detail"]
        (difference,) = (await client.get("/v1/prove")).json()["differences"]
        assert (difference["expected"], str(row["document_id"]) in difference["what"]) == (row["sha256"], True)
        place.write_bytes(pdf)
        assert (await client.get("/v1/prove")).json()["differences"] == []


async def test_whoever_dies_between_the_object_and_its_row_leaves_nothing_behind(
    harness: ServiceHarness, practice: Practice, store: DocumentStore
) -> None:
    """RCP-1.5, ALL-9: the object goes after its grace, and not before."""
    command = KeepObject(clinic_id=practice.clinic_id, document=StoredDocument.of(PDF), subject="test")
    await keep_object(harness.database, store, command)
    await harness.run_job("remove_objects")
    assert await objects(store, practice) == {StoredDocument.of(PDF).sha256}
    await a_day_later(harness, practice)
    assert await objects(store, practice) == set()
    assert await planned(harness, practice) == []


async def leased(harness: ServiceHarness, practice: Practice, rendering: Rendering) -> Any:
    await render_all(harness, rendering)
    await paid(harness, practice)
    async with harness.database.transaction([], "test") as work:
        (task,) = await render_tasks.lease(work.connection, lease_id=new_id(), count=9, seconds=60)
    return task


async def test_whoever_comes_so_late_that_its_object_is_gone_makes_it_again(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, store: DocumentStore
) -> None:
    """ALL-7: a machine that slept for a day says of no object that it is there."""
    task = await leased(harness, practice, rendering)
    command = KeepObject(clinic_id=practice.clinic_id, document=StoredDocument.of(PDF), subject="test")
    await keep_object(harness.database, store, command)
    await a_day_later(harness, practice)
    with pytest.raises(Exception, match="removed before its document was stored"):
        async with harness.database.transaction([practice.clinic_id], "test") as work:
            await store_document(work, StoreDocument(task, PDF, in_store=True))
    await keep_object(harness.database, store, command)
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        assert await store_document(work, StoreDocument(task, PDF, in_store=True))
    await a_day_later(harness, practice)
    assert await objects(store, practice) == {StoredDocument.of(PDF).sha256}


async def test_what_is_to_be_removed_and_is_needed_by_another_document_stays(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, store: DocumentStore
) -> None:
    """RCP-1.2: two documents with the same bytes have one object."""
    await paid(harness, practice)
    await render_all(harness, rendering)
    (row,) = await rows(harness, practice)
    key = ObjectKey(practice.clinic_id, row["sha256"])
    async with harness.database.transaction([practice.clinic_id], "test") as work:
        await object_removals.plan(work.connection, [key])
    await a_day_later(harness, practice)
    assert await objects(store, practice) == {key.sha256}
    assert await planned(harness, practice) == []


async def test_what_is_to_be_removed_waits_for_a_store_that_is_away(
    harness: ServiceHarness, practice: Practice, store: DocumentStore, documents_folder: Path
) -> None:
    """ALL-9."""
    command = KeepObject(clinic_id=practice.clinic_id, document=StoredDocument.of(PDF), subject="test")
    await keep_object(harness.database, store, command)
    with away(documents_folder):
        await a_day_later(harness, practice)
    assert await objects(store, practice) == {StoredDocument.of(PDF).sha256}
    await harness.run_job("remove_objects")
    assert await objects(store, practice) == set()


@pytest.mark.rule("ALL-9.5")
async def test_the_object_of_a_document_whose_years_are_over_is_removed(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, store: DocumentStore
) -> None:
    """ALL-9, ALL-4: its own clinic's, and no other's."""
    other = Practice()
    await harness.deliver(other.configured(), other.registered())
    for clinic in (practice, other):
        await paid(harness, clinic)
    await render_all(harness, rendering)
    await as_superuser(harness, "UPDATE receipts SET numbered_on = '2010-01-01' WHERE clinic_id = $1", practice)
    await harness.run_job("delete_expired_documents")
    await harness.run_job("remove_objects")
    assert await objects(store, practice) == set()
    assert len(await objects(store, other)) == 1
    async with harness.client(SCOPES, practice.clinic_id) as client:
        what = [difference["what"] for difference in (await client.get("/v1/prove")).json()["differences"]]
        assert not any("store" in each or "SHA-256" in each for each in what)


async def as_superuser(harness: ServiceHarness, statement: str, practice: Practice) -> None:
    """Change what guards keep."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(statement, practice.clinic_id)
    finally:
        await connection.close()


CHANGES = (
    "UPDATE stored_documents SET pdf = 'x'",
    "UPDATE stored_documents SET in_store = false, pdf = 'x'",
    "UPDATE stored_documents SET in_store = true, pdf = '', sha256 = repeat('0', 64)",
    "UPDATE stored_documents SET pdf = ''",
    "DELETE FROM stored_documents",
)


@pytest.mark.rule("RCP-1.2")
@pytest.mark.parametrize("statement", CHANGES)
async def test_a_row_loses_its_bytes_once_and_changes_in_nothing_else(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, statement: str
) -> None:
    """RCP-1: whoever asks."""
    await paid(harness, practice)
    await render_all(harness, rendering)
    connection = await asyncpg.connect(harness.owned.owner_url.replace("postgresql+asyncpg", "postgresql"))
    try:
        await connection.execute("SELECT set_config('app.clinic_ids', $1, false)", str(practice.clinic_id))
        with pytest.raises((asyncpg.RestrictViolationError, asyncpg.CheckViolationError)):
            await connection.execute(statement)
    finally:
        await connection.close()


def test_an_object_of_another_clinic_is_nobody_s() -> None:
    """ALL-4."""
    sha256 = StoredDocument.of(PDF).sha256
    assert ObjectKey(UUID(int=1), sha256).path != ObjectKey(UUID(int=2), sha256).path
