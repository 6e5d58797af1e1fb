"""A service as a process, and clients that want to hold it up: others are answered all the same (`ALL-2`, `ALL-4`)."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
from chassis.http import connection as connections
from chassis.http.connection import HEAD_BYTES_MAX
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness
from chassis.testing.eventually import eventually
from chassis.testing.processes import answering, environment, free_port, keys_of, process_of

SHELF = Path(__file__).with_name("conftest.py")
RUN = (
    sys.executable,
    "-c",
    f"import runpy, sys; from chassis.cli import run; sys.exit(run(runpy.run_path({str(SHELF)!r})['shelf']))",
)
SCOPES = "books:read books:write"
BRIEF = {"HTTP_HEAD_SECONDS": "3", "HTTP_BODY_SECONDS": "3", "HTTP_READER_SECONDS": "3"}


@dataclass
class Shelf:
    """A process of the shelf, its address, and a token for it."""

    harness: ServiceHarness
    port: int

    def token(self) -> str:
        return self.harness.issuer.token(new_id(), SCOPES)

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.token()}"}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=60)

    async def is_answered(self) -> bool:
        async with self.client() as client:
            return (await client.get("/v1/books")).status_code == 200

    @asynccontextmanager
    async def wire(self, *, narrow: bool = False) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """A connection; a narrow one takes in little before it is read."""
        with socket.socket() as made:
            if narrow:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            made.setblocking(False)
            await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", self.port))
            reader, writer = await asyncio.open_connection(sock=made.dup(), limit=1_000 if narrow else 65_536)
        try:
            yield reader, writer
        finally:
            writer.transport.abort()

    async def said_to(self, sent: bytes) -> tuple[int, dict[str, object], bytes]:
        """The status and the problem with which something is answered until the connection ends, and all of it."""
        async with self.wire() as (reader, writer):
            writer.write(sent)
            answer = await reader.read()
        return (*first_of(answer), answer)


def first_of(answer: bytes) -> tuple[int, dict[str, object]]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head.lower(), answer
    return int(head.split()[1]), json.loads(body)


async def answered_while_sending(
    begun: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> tuple[int, dict[str, object]]:
    """What is answered to something that never ends."""
    writer.write(begun)
    answer = asyncio.create_task(reader.readuntil(b"}"))
    sent = 0
    while not answer.done() and sent < 64 * HEAD_BYTES_MAX:
        writer.write(b"a" * 8_192)
        sent += 8_192
        await asyncio.wait({answer}, timeout=0.005)
    return first_of(await answer)


@asynccontextmanager
async def shelf_of(harness: ServiceHarness, log: Path, **settings: str) -> AsyncIterator[Shelf]:
    async with keys_of(harness.issuer) as keys:
        shelf = Shelf(harness, free_port())
        env = environment(harness, HTTP_PORT=str(shelf.port), JWKS_URL=keys, TOKEN_ISSUER=harness.issuer.issuer)
        async with process_of([*RUN, "api"], env | {"LINE_SECONDS": "600"} | settings, log):
            await answering(f"http://127.0.0.1:{shelf.port}/health/live")
            yield shelf


@pytest.fixture(scope="module")
async def shelf(harness: ServiceHarness, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shelf]:
    """A process as it is in use."""
    async with shelf_of(harness, tmp_path_factory.mktemp("shelf") / "log") as one:
        yield one


@pytest.fixture(scope="module")
async def hurried(harness: ServiceHarness, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shelf]:
    """One that waits for three seconds only, with two connections to its database."""
    async with shelf_of(harness, tmp_path_factory.mktemp("hurried") / "log", **BRIEF, DATABASE_POOL_SIZE="2") as one:
        yield one


@pytest.mark.parametrize(
    "begun",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless: ",
        b"GET /",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Endless",
    ],
)
async def test_an_endless_head_is_refused_once_it_is_too_long(shelf: Shelf, begun: bytes) -> None:
    async with shelf.wire() as (reader, writer):
        status, problem = await answered_while_sending(begun, reader, writer)
    assert (status, problem["type"]) == (431, "urn:problem:dental-billing:head-too-large")


async def test_a_head_that_is_too_long_is_refused_though_it_came_at_once_and_nothing_follows(shelf: Shelf) -> None:
    status, problem, _ = await shelf.said_to(b"GET / HTTP/1.1\r\nHost: x\r\nX-Much: " + b"a" * 60_000)
    assert (status, problem["type"]) == (431, "urn:problem:dental-billing:head-too-large")


async def test_a_head_may_be_large_and_not_too_large(shelf: Shelf) -> None:
    most = HEAD_BYTES_MAX - 2_000
    async with shelf.client() as client:
        assert (await client.get("/v1/books", headers={"X-Much": "a" * most})).status_code == 200
        refused = await client.get("/v1/books", headers={"X-Much": "a" * HEAD_BYTES_MAX})
        many = await client.get("/v1/books", headers=[(f"X-{n}", "a" * 90) for n in range(400)])
        assert (refused.status_code, many.status_code) == (431, 431)
        assert refused.json()["type"].endswith(":head-too-large")


@pytest.mark.parametrize("endless", [b"0\r\nX-Trailer: ", b"1;ext="])
async def test_what_frames_a_body_is_bounded_too(shelf: Shelf, endless: bytes) -> None:
    head = f"POST /v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shelf.token()}\r\nIdempotency-Key: k\r\n"
    async with shelf.wire() as (reader, writer):
        begun = head.encode() + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + endless
        assert (await answered_while_sending(begun, reader, writer))[0] == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/books HTTP/1.1\r\nHost: x\r\nBad Header: x\r\n\r\n",
        b"POST /v1/books HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /v1/books HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/books HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST /v1/books HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
    ],
)
async def test_what_is_not_http_is_answered_with_a_problem(shelf: Shelf, sent: bytes) -> None:
    """ALL-2."""
    status, problem, answer = await shelf.said_to(sent)
    assert (status, problem["type"], problem["status"]) == (400, "urn:problem:dental-billing:bad-request", 400)
    assert b"nosniff" in answer
    assert answer.count(b"HTTP/1.1") == 1


async def test_a_body_in_bad_chunks_is_answered_with_a_problem(shelf: Shelf) -> None:
    """ALL-2: the route is waiting for the body, and says nothing besides."""
    head = f"POST /v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shelf.token()}\r\n"
    status, problem, answer = await shelf.said_to(
        head.encode() + b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"
    )
    assert (status, problem["type"]) == (400, "urn:problem:dental-billing:bad-request")
    assert answer.count(b"HTTP/1.1") == 1
    assert await shelf.is_answered()


async def test_what_came_before_nonsense_is_answered_first(shelf: Shelf) -> None:
    async with shelf.wire() as (reader, writer):
        head = f"GET /v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {shelf.token()}\r\n\r\n"
        writer.write(head.encode() + b"NONSENSE\r\n\r\n")
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize("length", [100, 900_000, 100_000_000])
async def test_no_body_is_waited_for_of_who_may_not_send_one(shelf: Shelf, length: int) -> None:
    """The token first: it is answered before a byte of the body is sent."""
    head = f"POST /v1/books HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    async with shelf.wire() as (reader, writer):
        writer.write(head.encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 401")
        assert b"connection: close" in answer


async def test_who_is_refused_while_sending_can_read_why(shelf: Shelf) -> None:
    async with shelf.client() as client:
        del client.headers["Authorization"]
        refused = await client.post("/v1/books", content=b" " * 900_000)
    assert refused.status_code == 401


async def test_a_small_body_without_a_token_does_not_cost_the_connection(shelf: Shelf) -> None:
    async with shelf.client() as client:
        token = client.headers.pop("Authorization")
        assert (await client.post("/v1/books", json={})).status_code == 401
        assert (await client.get("/v1/books", headers={"Authorization": token})).status_code == 200


async def test_others_are_answered_while_six_hundred_say_nothing(shelf: Shelf) -> None:
    async with AsyncExitStack() as stack:
        for number in range(600):
            _, writer = await stack.enter_async_context(shelf.wire())
            writer.write(b"GET / HT" if number % 2 else b"")
        assert await shelf.is_answered()


async def test_where_no_more_connections_are_to_be_had_the_silent_make_room(
    harness: ServiceHarness, tmp_path: Path
) -> None:
    async with shelf_of(harness, tmp_path / "log", HTTP_CONNECTIONS_MAX="20") as shelf, AsyncExitStack() as stack:
        silent = [await stack.enter_async_context(shelf.wire()) for _ in range(60)]
        assert await shelf.is_answered()
        assert await silent[0][0].read() == b""


async def test_who_does_not_finish_a_head_is_told_and_who_says_nothing_is_left(hurried: Shelf) -> None:
    async with hurried.wire() as (reader, _):
        assert await reader.read() == b""
    status, problem, _ = await hurried.said_to(b"GET / HTTP/1.1\r\nHost:")
    assert (status, problem["type"]) == (408, "urn:problem:dental-billing:request-timeout")


async def test_who_sends_a_byte_at_a_time_is_ended(hurried: Shelf) -> None:
    head = f"POST /v1/books HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hurried.token()}\r\nContent-Length: 90000\r\n"
    async with hurried.wire() as (reader, writer):
        writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n")
        answer = asyncio.create_task(reader.read())
        while not answer.done():
            writer.write(b" ")
            await asyncio.wait({answer}, timeout=0.05)
        status, problem = first_of(await answer)
    assert (status, problem["type"]) == (408, "urn:problem:dental-billing:request-timeout")


async def test_a_file_is_whole_for_who_reads_it(shelf: Shelf) -> None:
    async with shelf.client() as client:
        answer = await client.get("/v1/books.csv?lines=300")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.content.splitlines() == [b"title", *[b"x" * 10_000] * 300]


async def test_who_does_not_read_a_file_holds_nobody_up_and_is_ended(hurried: Shelf) -> None:
    """ALL-4: two connections to the database, and five readers of ten megabytes who do not read."""
    async with AsyncExitStack() as stack:
        readers = []
        for _ in range(5):
            reader, writer = await stack.enter_async_context(hurried.wire(narrow=True))
            head = (
                f"GET /v1/books.csv?lines=1000 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {hurried.token()}\r\n\r\n"
            )
            writer.write(head.encode())
            readers.append(reader)
        begun = [asyncio.create_task(reader.readuntil(b"\r\n")) for reader in readers]
        for status in asyncio.as_completed(begun):
            assert (await status).startswith(b"HTTP/1.1 200")
            assert await hurried.is_answered()
        await eventually(lambda: let_go(hurried.port), within_seconds=60)
        for reader in readers:
            assert await ended(reader)


async def let_go(port: int) -> bool:
    """Whether the server has ended all of its connections: whoever read before that would be a reader again."""
    served = [
        connection for connection in psutil.net_connections("tcp") if connection.laddr and connection.laddr.port == port
    ]
    return all(one.status != psutil.CONN_ESTABLISHED for one in served)


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether a connection ends before all that was promised; what had been sent by then can still be read."""
    size = 0
    try:
        while part := await reader.read(65_536):
            size += len(part)
    except ConnectionError:
        return True
    return size < 10_000_000


async def test_a_connection_does_not_live_for_ever(harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_AGE_MAX_SECONDS", -1.0)
    async with harness.served() as address, httpx.AsyncClient(base_url=address) as client:
        assert (await client.get("/health/live")).headers["connection"] == "close"


async def test_a_body_nested_without_end_and_a_forged_cursor_are_refused(shelf: Shelf) -> None:
    """ALL-2."""
    deep = b'{"title": ' + b"[" * 400_000 + b"]" * 400_000 + b"}"
    async with shelf.client() as client:
        headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
        nested = await client.post("/v1/books", content=deep, headers=headers)
        forged = await client.get("/v1/books", params={"cursor": "W1sidSIsIngiXV0"})
    assert (nested.status_code, nested.json()["type"]) == (400, "urn:problem:dental-billing:malformed-json")
    assert (forged.status_code, forged.json()["errors"][0]["field"]) == (422, "cursor")
