"""The store of documents in a folder: whole or not at all, never over something, checked when read (`RCP-1`)."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from chassis.http.admission import Admission, Place
from chassis.testing.eventually import eventually
from pydantic import ValidationError
from receipts.documents.store.address import BucketAccess, BucketName, FolderAddress, address_of
from receipts.documents.store.document_store import MARKER, DocumentStore
from receipts.documents.store.folder import Folder
from receipts.documents.store.opening import store_at
from receipts.domain.errors import DocumentDamaged, StoreUnavailable, StoreUnmarked
from receipts.domain.stored_document import KeptDocument, ObjectKey, StoredDocument
from receipts.settings import ReceiptsSettings

PDF = b"%PDF-1.7 a receipt"
CLINIC, OTHER_CLINIC = UUID(int=1), UUID(int=2)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[DocumentStore]:
    one = opened(tmp_path)
    await one.mark()
    yield one
    await one.close()


def opened(folder: Path, seconds: float = 5.0) -> DocumentStore:
    return store_at(folder.as_uri(), BucketAccess(), timeout_seconds=seconds)


def key_of(pdf: bytes, clinic_id: UUID = CLINIC) -> ObjectKey:
    return ObjectKey(clinic_id, StoredDocument.of(pdf).sha256)


@pytest.mark.rule("RCP-1.4")
async def test_what_is_kept_is_found_by_clinic_and_hash_and_only_its_owner_reads_it(
    store: DocumentStore, tmp_path: Path
) -> None:
    key = key_of(PDF)
    await store.keep(key, PDF)
    assert await store.read(key) == PDF
    place = tmp_path / str(CLINIC) / key.sha256[:2] / f"{key.sha256}.pdf"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (place.parent, place.parent.parent)} == {0o700}
    assert list((tmp_path / ".begun").iterdir()) == []


@pytest.mark.rule("RCP-1.4")
async def test_the_same_bytes_of_two_clinics_are_two_objects(store: DocumentStore) -> None:
    """ALL-4: what one clinic removes is still the other's, and nobody learns what another has."""
    mine, theirs = key_of(PDF), key_of(PDF, OTHER_CLINIC)
    await store.keep(mine, PDF)
    with pytest.raises(DocumentDamaged, match="not there"):
        await store.read(theirs)
    await store.keep(theirs, PDF)
    await store.remove([mine, mine])
    assert await store.read(theirs) == PDF


@pytest.mark.rule("RCP-1.4")
async def test_nothing_is_written_over_and_other_bytes_are_noticed(store: DocumentStore, tmp_path: Path) -> None:
    key = key_of(PDF)
    await store.keep(key, PDF)
    place = tmp_path / key.path
    before = place.stat()
    await store.keep(key, PDF)
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    place.write_bytes(b"%PDF-1.7 another receipt")
    for asked in (store.read(key), store.keep(key, PDF)):
        with pytest.raises(DocumentDamaged, match="not those of its SHA-256"):
            await asked
    assert place.read_bytes() == b"%PDF-1.7 another receipt"


async def test_many_who_keep_the_same_at_once_all_find_it(store: DocumentStore) -> None:
    """ALL-7."""
    key = key_of(PDF)
    await asyncio.gather(*(store.keep(key, PDF) for _ in range(20)))
    assert await store.read(key) == PDF


async def test_a_write_that_is_cut_off_leaves_no_object_and_what_it_began_is_removed_after_a_day(
    store: DocumentStore, tmp_path: Path
) -> None:
    """ALL-7: whoever dies has written beside."""
    for name, age in (("old", 90_000), ("new", 60)):
        begun = tmp_path / ".begun" / name
        begun.write_bytes(PDF[:5])
        os.utime(begun, (time.time() - age,) * 2)
    await store.tidy()
    assert [begun.name for begun in (tmp_path / ".begun").iterdir()] == ["new"]
    assert [keys async for keys in store.listed(CLINIC)] == []


async def test_objects_are_listed_by_clinic(store: DocumentStore, tmp_path: Path) -> None:
    mine = {key_of(b"%d" % number): b"%d" % number for number in range(5)}
    for key, pdf in {**mine, key_of(PDF, OTHER_CLINIC): PDF}.items():
        await store.keep(key, pdf)
    (tmp_path / str(CLINIC) / "zz").mkdir()
    (tmp_path / str(CLINIC) / "zz" / "notes.txt").write_text("somebody's own")
    assert {key async for keys in store.listed(CLINIC) for key in keys} == set(mine)


async def test_a_folder_that_is_gone_is_away_and_no_document_is_said_to_be_damaged(
    store: DocumentStore, tmp_path: Path
) -> None:
    """ALL-7: an empty mount point looks like this."""
    key = key_of(PDF)
    await store.keep(key, PDF)
    (tmp_path / MARKER).rename(tmp_path / "elsewhere")
    (tmp_path / key.path).unlink()
    for question in (store.read(key), store.check()):
        with pytest.raises(StoreUnmarked, match="not the one that was written to"):
            await question
    (tmp_path / "elsewhere").rename(tmp_path / MARKER)
    await store.check()
    assert store.trouble is None


class Unmounted(Folder):
    """A folder whose volume goes away before or after an object is written: what lies below is found instead."""

    def __init__(self, root: Path, *, before: bool) -> None:
        super().__init__(root)
        self._root_path = root
        self._before = before

    async def add(self, path: str, data: bytes) -> bool:
        marker = self._root_path / MARKER
        if self._before:
            marker.unlink()
        added = await super().add(path, data)
        marker.unlink(missing_ok=True)
        return added


@pytest.mark.rule("RCP-1.5")
@pytest.mark.parametrize("before", [True, False])
async def test_bytes_written_below_a_mount_point_are_not_said_to_be_kept(tmp_path: Path, *, before: bool) -> None:
    """ALL-7: its row would say that they are in the volume, which has never seen them."""
    store = DocumentStore(Unmounted(tmp_path, before=before), timeout_seconds=60.0)
    await Folder(tmp_path).add(MARKER, b"ours")
    with pytest.raises(StoreUnmarked):
        await store.keep(key_of(PDF), PDF)


async def test_nothing_is_written_below_a_mount_point(tmp_path: Path) -> None:
    """ALL-6: nobody would look for a patient's documents there."""
    with pytest.raises(StoreUnmarked):
        await opened(tmp_path).keep(key_of(PDF), PDF)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names alone


async def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """ALL-7: what is to be mounted and is not would be filled beside the documents."""
    store = opened(tmp_path / "missing")
    with pytest.raises(StoreUnavailable) as refused:
        await store.mark()
    assert refused.value.for_good
    assert "there is no folder" in refused.value.why
    assert not (tmp_path / "missing").exists()


@pytest.fixture
async def hanging(store: DocumentStore, tmp_path: Path) -> AsyncIterator[ObjectKey]:
    """An object that no question to it returns from: nobody writes into the pipe that lies there."""
    key = key_of(PDF)
    place = tmp_path / key.path
    place.parent.mkdir(parents=True)
    os.mkfifo(place)
    yield key
    answering(place)


def answering(place: Path) -> None:
    """Let all who hang go on: the pipe was opened to be written."""
    os.close(os.open(place, os.O_RDWR))
    place.unlink()


@pytest.mark.rule("RCP-1.5")
async def test_questions_that_hang_are_given_up_on_and_soon_refused_at_once_until_they_return(
    hanging: ObjectKey, tmp_path: Path
) -> None:
    """ALL-7: a file system may say nothing for hours; nobody stands in line for it, and it needs no restart."""
    asked = Folder(tmp_path)
    hasty, patient = (DocumentStore(asked, timeout_seconds=seconds) for seconds in (0.05, 3_600.0))
    for _ in range(8):
        with pytest.raises(StoreUnavailable, match="no answer within"):
            await hasty.read(hanging)
    for question in (patient.read(hanging), patient.check(), patient.keep(key_of(b"another"), b"another")):
        async with asyncio.timeout(60):
            with pytest.raises(StoreUnavailable, match="answers nothing"):
                await question
    answering(tmp_path / hanging.path)
    await eventually(lambda: kept(patient, hanging), within_seconds=60)
    assert await patient.read(hanging) == PDF


async def kept(store: DocumentStore, key: ObjectKey) -> bool:
    try:
        await store.keep(key, PDF)
    except StoreUnavailable:
        return False
    return True


@pytest.mark.rule("RCP-1.5")
async def test_who_gives_up_leaves_the_others_their_turn(hanging: ObjectKey, tmp_path: Path) -> None:
    """ALL-4: seven hang, and the eighth place serves everybody."""
    asked = Folder(tmp_path)
    hasty, patient = (DocumentStore(asked, timeout_seconds=seconds) for seconds in (0.05, 3_600.0))
    await asyncio.gather(*(hasty.read(hanging) for _ in range(7)), return_exceptions=True)
    others = {key_of(b"%d" % number): b"%d" % number for number in range(20)}
    async with asyncio.timeout(60):
        await asyncio.gather(*(patient.keep(key, pdf) for key, pdf in others.items()))
        assert await asyncio.gather(*map(patient.read, others)) == list(others.values())


@pytest.mark.rule("RCP-1.5")
async def test_a_machine_without_a_further_thread_is_waited_for_and_loses_no_place(
    store: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: a document is not to blame for it, and once there are threads again all places are free."""
    key = key_of(PDF)

    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refused)
        for _ in range(8):
            with pytest.raises(StoreUnavailable, match="answers nothing"):
                await store.keep(key, PDF)
    await store.keep(key, PDF)
    assert await store.read(key) == PDF


async def test_a_process_ends_though_its_folder_hangs(hanging: ObjectKey, tmp_path: Path) -> None:
    """ALL-7: one that drains and never ends is never started again."""
    script = (
        "import asyncio, sys; from pathlib import Path; from receipts.documents.store.folder import Folder\n"
        "asyncio.run(asyncio.wait_for(Folder(Path(sys.argv[1])).read(sys.argv[2]), 0.05))"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", script, str(tmp_path), hanging.path), stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        _, wrong = await process.communicate()
    assert wrong.rstrip().endswith(b"TimeoutError")


class Watched(DocumentStore):
    """A store that notes with each document whether the place of its request is taken again."""

    def __init__(self, folder: Path, place: Place) -> None:
        super().__init__(Folder(folder), timeout_seconds=60.0)
        self._place = place
        self.taken: list[bool] = []

    async def read(self, key: ObjectKey) -> bytes:
        found = await super().read(key)
        self.taken.append(self._place.taken)
        return found


async def test_who_waits_for_several_documents_takes_no_place_before_the_last_is_there(
    store: DocumentStore, tmp_path: Path
) -> None:
    """ALL-4: with the first of a hundred receipts the request came back, and kept others out until the last."""
    await store.keep(key_of(PDF), PDF)
    kept = KeptDocument(
        document_id=uuid4(), rendition="original", clinic_id=CLINIC, sha256=key_of(PDF).sha256, in_store=True, pdf=b""
    )
    async with Admission(1, 1, 60.0).present(CLINIC) as place, place.worked_in():
        watched = Watched(tmp_path, place)
        assert [found.pdf for found in await watched.documents([kept, kept])] == [PDF, PDF]
        assert (watched.taken, place.taken) == ([False, False], True)
    await watched.close()


async def test_without_a_store_what_is_in_one_is_not_to_be_had() -> None:
    store = store_at("", BucketAccess(), timeout_seconds=1.0)
    assert not store.keeps
    with pytest.raises(StoreUnavailable, match="DOCUMENT_STORE_URL"):
        await store.read(key_of(PDF))


@pytest.mark.parametrize("sha256", ["", "../../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n", f"{'0' * 62}/x"])
def test_no_key_leads_out_of_the_store(sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        ObjectKey(CLINIC, sha256)


@pytest.mark.parametrize("path", ["", MARKER, "x/00/y.pdf", f"{CLINIC}/00/{'1' * 64}.pdf", f"{CLINIC}/{'1' * 64}.pdf"])
def test_what_is_no_object_of_ours_has_no_key(path: str) -> None:
    assert ObjectKey.of_path(path) is None


def test_a_path_and_its_key_say_the_same() -> None:
    key = key_of(PDF, uuid4())
    assert ObjectKey.of_path(key.path) == key


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("", None),
        ("file:///var/lib/documents", FolderAddress(Path("/var/lib/documents"))),
        ("file:///a%20b/", FolderAddress(Path("/a b"))),
        ("s3://practice-documents", BucketName("practice-documents", "")),
        ("s3://practice-documents/of/receipts/", BucketName("practice-documents", "of/receipts")),
    ],
)
def test_addresses(url: str, meant: FolderAddress | BucketName | None) -> None:
    assert address_of(url) == meant


@pytest.mark.parametrize(
    "url", ["documents", "/var/lib", "file://host/a", "file:///", "file:///a/../b", "s3://", "s3://Documents",
            "s3://key:word@bucket", "s3://bucket/../other", "s3://bucket/a b", "https://bucket"]
)  # fmt: skip
def test_an_address_that_means_nothing_is_refused_by_its_name(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ReceiptsSettings(document_store_url=url)
    assert [error["loc"] for error in refused.value.errors()] == [("document_store_url",)]
