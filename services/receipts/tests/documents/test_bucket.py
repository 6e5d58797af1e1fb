"""The store of documents in a bucket, tried against a server that speaks S3 (`moto`), and against ones that break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from uuid import UUID

import httpx
import pytest
from chassis.testing.harness import ServiceHarness
from contracts.receipts import ReceiptIssued
from moto.server import ThreadedMotoServer
from obstore.store import S3Store
from receipts.documents.store.address import BucketAccess
from receipts.documents.store.document_store import DocumentStore
from receipts.documents.store.opening import store_at
from receipts.domain.errors import DocumentDamaged, StoreUnavailable
from receipts.domain.stored_document import ObjectKey, StoredDocument
from receipts.jobs.render_documents import Rendering
from receipts_events import Practice
from receipts_rendering import render_all, skip_delays

PDF = b"%PDF-1.7 a receipt"
CLINIC, OTHER_CLINIC = UUID(int=1), UUID(int=2)
URL = "s3://practice-documents/of/receipts"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    httpx.put(f"{address}/practice-documents").raise_for_status()
    yield address
    server.stop()


@pytest.fixture
async def store(endpoint: str) -> DocumentStore:
    one = opened(endpoint)
    await one.mark()
    return one


def opened(endpoint: str, seconds: float = 60.0, url: str = URL) -> DocumentStore:
    access = BucketAccess(access_key_id="key", secret_access_key="word", region="eu-central-1", endpoint=endpoint)
    return store_at(url, access, timeout_seconds=seconds)


def key_of(pdf: bytes, clinic_id: UUID = CLINIC) -> ObjectKey:
    return ObjectKey(clinic_id, StoredDocument.of(pdf).sha256)


def others(endpoint: str) -> S3Store:
    """The same bucket, as whoever else may write there."""
    config: Any = {"access_key_id": "key", "secret_access_key": "word", "endpoint": endpoint}
    return S3Store("practice-documents", prefix="of/receipts", config=config, client_options={"allow_http": True})


async def lying_there(endpoint: str, key: ObjectKey) -> tuple[bytes, str]:
    """The bytes of an object, and its media type."""
    answer = await others(endpoint).get_async(key.path)
    return bytes(await answer.bytes_async()), str(answer.attributes["Content-Type"])


@pytest.mark.rule("RCP-1.4")
async def test_what_is_kept_is_found_by_clinic_and_hash_and_never_written_over(
    store: DocumentStore, endpoint: str
) -> None:
    key = key_of(PDF)
    await store.keep(key, PDF)
    await store.keep(key, PDF)
    assert await store.read(key) == PDF
    assert await lying_there(endpoint, key) == (PDF, "application/pdf")
    with pytest.raises(DocumentDamaged, match="not there"):
        await store.read(key_of(PDF, OTHER_CLINIC))
    await others(endpoint).put_async(key.path, b"%PDF-1.7 another")
    for question in (store.read(key), store.keep(key, PDF)):
        with pytest.raises(DocumentDamaged, match="not those of its SHA-256"):
            await question
    assert (await lying_there(endpoint, key))[0] == b"%PDF-1.7 another"


async def test_objects_are_listed_by_clinic_and_removed_together(store: DocumentStore) -> None:
    clinic = UUID(int=3)
    mine = {key_of(b"%d" % number, clinic): b"%d" % number for number in range(5)}
    for key, pdf in {**mine, key_of(PDF, OTHER_CLINIC): PDF}.items():
        await store.keep(key, pdf)
    assert {key async for keys in store.listed(clinic) for key in keys} == set(mine)
    await store.remove([*mine, key_of(b"never there", clinic)])
    assert [keys async for keys in store.listed(clinic) if keys] == []
    assert await store.read(key_of(PDF, OTHER_CLINIC)) == PDF


async def test_a_bucket_that_is_not_there_is_said_and_no_waiting_mends_it(endpoint: str) -> None:
    nobodys = opened(endpoint, url="s3://nobodys-documents")
    for question in (nobodys.mark(), nobodys.check()):
        with pytest.raises(StoreUnavailable, match="there is no bucket nobodys-documents") as refused:
            await question
        assert refused.value.for_good


async def test_a_bucket_that_was_emptied_is_not_taken_for_lost_documents(endpoint: str) -> None:
    with pytest.raises(StoreUnavailable, match="not the one that was written to"):
        await opened(endpoint, url="s3://practice-documents/elsewhere").read(key_of(PDF))


@pytest.mark.rule("RCP-1.4", "RCP-1.5")
async def test_a_receipt_is_kept_in_a_bucket_and_waits_for_one_that_is_away(
    harness: ServiceHarness, practice: Practice, rendering: Rendering, store: DocumentStore, endpoint: str
) -> None:
    """ALL-7."""
    await render_all(harness, rendering)
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    path = f"/v1/transactions/{payment.transaction_id}/receipt.pdf"
    nobody = Rendering(harness.database, rendering.processes, opened("http://127.0.0.1:9", seconds=5.0))
    with stored_in(harness, nobody.store):
        for _ in range(2):
            await skip_delays(harness)
            await nobody.start_due()
            await nobody.finish()
    assert await harness.announced(ReceiptIssued, clinic_id=practice.clinic_id) == []
    with stored_in(harness, store):
        await render_all(harness, Rendering(harness.database, rendering.processes, store))
        async with harness.client("receipts:read operations", practice.clinic_id) as client:
            answer = await client.get(path)
            sha256 = answer.headers["etag"].strip('"')
            kept, _ = await lying_there(endpoint, ObjectKey(practice.clinic_id, sha256))
            assert (answer.status_code, answer.content) == (200, kept)
            assert (await client.get("/v1/prove")).json()["proven"]


@contextmanager
def stored_in(harness: ServiceHarness, store: DocumentStore) -> Iterator[None]:
    """Requests read from there for a while."""
    before, harness.resources.state.store = harness.resources.state.store, store
    try:
        yield
    finally:
        harness.resources.state.store = before


@asynccontextmanager
async def served(answer: bytes | None) -> AsyncIterator[str]:
    """A server that says this to each request, or nothing at all."""
    ended = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline() not in (b"\r\n", b""):
            pass
        if answer is None:
            await ended.wait()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        ended.set()
        server.close()


FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
BROKEN = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CUT_OFF = (
    b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: "a"\r\nLast-Modified: Mon, 30 Nov 2026 12:00:00 GMT\r\n\r\n%PDF'
)


@pytest.mark.parametrize(("answer", "for_good"), [(FORBIDDEN, True), (BROKEN, False), (CUT_OFF, False), (None, False)])
async def test_a_server_that_refuses_breaks_stops_in_the_middle_or_says_nothing(
    answer: bytes | None, *, for_good: bool
) -> None:
    """ALL-7: each is told within the bound, and what no waiting mends is told from the rest."""
    async with served(answer) as address:
        store = opened(address, seconds=1.0)
        with pytest.raises(StoreUnavailable) as away:
            await store.read(key_of(PDF))
        assert away.value.for_good == for_good
        assert store.trouble
        assert "word" not in store.trouble
