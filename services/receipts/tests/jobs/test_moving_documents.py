"""`receipts move-documents` and `verify-documents`: cut off anywhere, repeated, read in the middle (`RCP-1`)."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from chassis.testing.harness import ServiceHarness
from receipts.documents.store.document_store import MARKER, DocumentStore
from receipts.documents.store.folder import Folder
from receipts.domain.errors import StoreUnavailable
from receipts.domain.stored_document import BEGINNING, ObjectKey, StoredDocument
from receipts.jobs import move_all_documents as moving
from receipts.jobs.move_all_documents import move_all_documents
from receipts.jobs.render_documents import Rendering
from receipts.jobs.verify_all_documents import verify_all_documents
from receipts.persistence import stored_documents
from receipts.use_cases.keep_object import KeepObject, keep_object
from receipts.use_cases.move_documents import MoveDocuments, move_documents
from receipts_events import Practice
from receipts_rendering import render_all
from receipts_set_aside import as_owner
from sqlalchemy import text

Said = list[Mapping[str, Any]]


@pytest.fixture
def before(harness: ServiceHarness, rendering: Rendering) -> Rendering:
    """The worker's loop as it is without a store: what it makes is in rows."""
    return Rendering(harness.database, rendering.processes, DocumentStore(None, timeout_seconds=1.0))


@pytest.fixture
async def paths(harness: ServiceHarness, practice: Practice, rendering: Rendering, before: Rendering) -> list[str]:
    """The receipts of a clinic from the time before there was a store."""
    await render_all(harness, rendering)
    payments = [practice.paid(None, 0, credit=1_000 + number) for number in range(5)]
    await harness.deliver(*payments)
    await render_all(harness, before)
    assert await in_rows(harness, practice) == 5
    return [f"/v1/transactions/{payment.transaction_id}/receipt.pdf" for payment in payments]


async def in_rows(harness: ServiceHarness, practice: Practice) -> int:
    statement = text("SELECT count(*) FROM stored_documents WHERE octet_length(pdf) > 0 AND NOT in_store")
    async with harness.database.reading([practice.clinic_id]) as connection:
        return int((await connection.execute(statement)).scalar_one())


async def bytes_of(harness: ServiceHarness, practice: Practice, paths: list[str]) -> list[bytes]:
    async with harness.client("receipts:read operations", practice.clinic_id) as client:
        answers = [await client.get(path) for path in paths]
        assert [answer.status_code for answer in answers] == [200] * len(paths)
        assert (await client.get("/v1/prove")).json()["differences"] == []
    return [answer.content for answer in answers]


class Dying(Folder):
    """A folder whose process dies after so many questions."""

    def __init__(self, root: Path, lives: int) -> None:
        super().__init__(root)
        self._lives = lives

    async def add(self, path: str, data: bytes) -> bool:
        if path != MARKER:
            self._lives -= 1
        if self._lives < 0:
            raise ProcessDied
        return await super().add(path, data)


class ProcessDied(Exception):
    """Nothing after this is done."""


@pytest.mark.rule("RCP-1.6")
async def test_all_are_moved_and_read_as_before_whatever_is_cut_off(
    harness: ServiceHarness,
    practice: Practice,
    paths: list[str],
    documents_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """RCP-1.2, ALL-7: the same bytes before, in the middle and after; the proof finds nothing at any point."""
    whole = await bytes_of(harness, practice, paths)
    monkeypatch.setattr(moving, "DOCUMENTS_AT_ONCE", 2)
    told = harness.resources.state.store
    left = []
    for lives in (0, 1, 2, 1):
        harness.resources.state.store = DocumentStore(Dying(documents_folder, lives), timeout_seconds=60.0)
        with pytest.raises(ProcessDied):
            await move_all_documents(harness.resources, list[Any]().append)
        harness.resources.state.store = told
        left.append(await in_rows(harness, practice))
        assert await bytes_of(harness, practice, paths) == whole
    assert left == [5, 5, 3, 3]
    said: Said = []
    assert await move_all_documents(harness.resources, said.append)
    assert said[-1] == {"moved": 3, "bytes": sum(map(len, whole[2:])), "damaged": 0}
    assert await in_rows(harness, practice) == 0
    assert await bytes_of(harness, practice, paths) == whole
    said.clear()
    assert await move_all_documents(harness.resources, said.append)
    assert said == [{"moved": 0, "bytes": 0, "damaged": 0}]
    await as_owner(harness, "UPDATE object_removals SET due_at = now() WHERE clinic_id = $1", practice.clinic_id)
    await harness.run_job("remove_objects")
    assert await bytes_of(harness, practice, paths) == whole


class Stopped(Folder):
    """A folder whose process is stopped after an object, for longer than a day: others remove it meanwhile."""

    def __init__(self, root: Path, meanwhile: Callable[[], Awaitable[None]]) -> None:
        super().__init__(root)
        self._meanwhile = meanwhile

    async def add(self, path: str, data: bytes) -> bool:
        added = await super().add(path, data)
        await self._meanwhile()
        return added


@pytest.mark.rule("RCP-1.6")
async def test_who_is_stopped_until_its_object_was_removed_takes_the_bytes_from_no_row(
    harness: ServiceHarness, practice: Practice, paths: list[str], documents_folder: Path
) -> None:
    whole = await bytes_of(harness, practice, paths)

    async def a_day_later() -> None:
        await as_owner(harness, "UPDATE object_removals SET due_at = now() WHERE clinic_id = $1", practice.clinic_id)
        await harness.run_job("remove_objects")

    stopped = DocumentStore(Stopped(documents_folder, a_day_later), timeout_seconds=60.0)
    first = MoveDocuments(clinic_id=practice.clinic_id, after=BEGINNING, most=1, subject="test")
    with pytest.raises(StoreUnavailable, match="removed before"):
        await move_documents(harness.database, stopped, first)
    assert await in_rows(harness, practice) == 5
    assert await bytes_of(harness, practice, paths) == whole
    assert await move_all_documents(harness.resources, list[Any]().append)
    assert await bytes_of(harness, practice, paths) == whole


@pytest.mark.rule("RCP-1.6")
async def test_what_is_damaged_in_its_row_or_in_the_store_is_named_and_stays_and_the_rest_is_moved(
    harness: ServiceHarness, practice: Practice, paths: list[str], documents_folder: Path
) -> None:
    """RCP-1.4: what is wrong is not made to look right by its hash; an object that nobody needs ends after a day."""
    async with harness.database.reading([practice.clinic_id]) as connection:
        row, other, *_ = await stored_documents.in_rows(connection, practice.clinic_id, BEGINNING, most=9)
    damage = "UPDATE stored_documents SET pdf = 'x' WHERE clinic_id = $1 AND document_id = $2"
    await unguarded(harness, damage, practice.clinic_id, row.document_id)
    place = documents_folder / other.key.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"%PDF-1.7 another")
    said: Said = []
    assert not await move_all_documents(harness.resources, said.append)
    assert [one for one in said if "damaged" in one and "clinic" in one] == [
        {"clinic": practice.clinic_id, "damaged": row.document_id, "rendition": "original", "sha256": row.sha256,
         "in": "row"},
        {"clinic": practice.clinic_id, "damaged": other.document_id, "rendition": "original", "sha256": other.sha256,
         "in": "store", "object": other.key.path},
    ]  # fmt: skip
    assert (said[-1]["moved"], said[-1]["damaged"], await in_rows(harness, practice)) == (3, 2, 2)
    assert place.read_bytes() == b"%PDF-1.7 another"
    await as_owner(harness, "UPDATE object_removals SET due_at = now() WHERE clinic_id = $1", practice.clinic_id)
    await harness.run_job("remove_objects")
    said.clear()
    assert not await move_all_documents(harness.resources, said.append)
    assert (said[-1]["moved"], said[-1]["damaged"], place.read_bytes()) == (1, 1, other.pdf)
    assert len(paths) == 5
    await unguarded(harness, "DELETE FROM stored_documents WHERE clinic_id = $1", practice.clinic_id)


async def unguarded(harness: ServiceHarness, statement: str, *values: object) -> None:
    """Change what the database lets nobody change."""
    await as_owner(harness, "ALTER TABLE stored_documents DISABLE TRIGGER ALL")
    await as_owner(harness, statement, *values)
    await as_owner(harness, "ALTER TABLE stored_documents ENABLE TRIGGER ALL")


async def test_without_a_store_nothing_is_moved_and_it_is_said_why(harness: ServiceHarness) -> None:
    told = harness.resources.state.store
    harness.resources.state.store = DocumentStore(None, timeout_seconds=1.0)
    try:
        for command in (move_all_documents, verify_all_documents):
            said: Said = []
            assert not await command(harness.resources, said.append)
            assert "DOCUMENT_STORE_URL" in said[0]["stopped"]
    finally:
        harness.resources.state.store = told


async def commanded(harness: ServiceHarness, command: str, folder: Path) -> tuple[int, Said, str]:
    """The command as an operator runs it: its exit code, what it printed, and what it said went wrong."""
    script = "import sys; from receipts.app import main; sys.exit(main(sys.argv[1:]))"
    told = {"DATABASE_URL": harness.owned.app_url, "DOCUMENT_STORE_URL": folder.as_uri(), "ENVIRONMENT": "local"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, command), env=os.environ | told, stdout=PIPE, stderr=PIPE
    )
    said, wrong = await process.communicate()
    return process.returncode or 0, [json.loads(line) for line in said.splitlines()], wrong.decode()


@pytest.mark.rule("RCP-1.6")
async def test_an_operator_moves_and_verifies_by_commands(
    harness: ServiceHarness, practice: Practice, paths: list[str], documents_folder: Path
) -> None:
    whole = await bytes_of(harness, practice, paths)
    code, said, _ = await commanded(harness, "move-documents", documents_folder)
    assert (code, said[-1]["moved"], said[-1]["damaged"]) == (0, 5, 0)
    assert {"clinic": str(practice.clinic_id), "moved": 5} in said
    assert await bytes_of(harness, practice, paths) == whole
    code, _, wrong = await commanded(harness, "verify-documents", documents_folder / "missing")
    assert code == 1
    assert "the environment variable DOCUMENT_STORE_URL is not usable: there is no folder" in wrong


@pytest.fixture
async def stored(harness: ServiceHarness, practice: Practice, rendering: Rendering) -> AsyncIterator[list[ObjectKey]]:
    """The objects of three receipts."""
    await harness.deliver(*(practice.paid(None, 0, credit=1_000 + number) for number in range(3)))
    await render_all(harness, rendering)
    async with harness.database.reading([practice.clinic_id]) as connection:
        kept = await stored_documents.in_store(connection, practice.clinic_id, BEGINNING, most=9)
    yield [document.key for document in kept]
    await unguarded(harness, "DELETE FROM stored_documents WHERE clinic_id = $1", practice.clinic_id)


@pytest.mark.rule("ALL-8.1")
async def test_every_object_is_verified_and_what_nobody_needs_is_removed_a_day_later(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, stored: list[ObjectKey], documents_folder: Path
) -> None:
    """RCP-1.4; objects from after the moment that a database was restored to are what nobody needs."""
    said: Said = []
    await verify_all_documents(harness.resources, said.append)
    before = said[-1]
    assert before["documents"] >= len(stored)
    assert practice.clinic_id not in [one.get("clinic") for one in said]
    gone, other, _ = (documents_folder / key.path for key in stored)
    gone.unlink()
    other.write_bytes(b"%PDF-1.7")
    unneeded = StoredDocument.of(b"%PDF-1.7 of nobody")
    kept = KeepObject(clinic_id=practice.clinic_id, document=unneeded, subject="test")
    await keep_object(harness.database, rendering.store, kept)
    said.clear()
    assert not await verify_all_documents(harness.resources, said.append)
    found = {one["expected"]: one["found"] for one in said if one.get("clinic") == practice.clinic_id}
    assert list(map(found.get, (key.sha256 for key in stored))) == [
        "it is not there", "its bytes are not those of its SHA-256", None,
    ]  # fmt: skip
    assert said[-1]["differences"] == before["differences"] + 2
    assert said[-1]["unused"] == before["unused"] + 1
    assert (documents_folder / ObjectKey(practice.clinic_id, unneeded.sha256).path).exists()
    await as_owner(harness, "UPDATE object_removals SET due_at = now() WHERE clinic_id = $1", practice.clinic_id)
    await verify_all_documents(harness.resources, said.append)  # as each day does: it postpones nothing
    await harness.run_job("remove_objects")
    assert not (documents_folder / ObjectKey(practice.clinic_id, unneeded.sha256).path).exists()
