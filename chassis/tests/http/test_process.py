"""A service as a process: it starts without its surroundings, ends what it began, and obeys its operator (`ALL-7`)."""

from __future__ import annotations

import asyncio
import gzip
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.broker import Broker
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness, eventually
from chassis.testing.processes import answers, environment, free_port, keys_of, process_of
from local_stack.kafka import Topics, create_topics

SHELF = Path(__file__).with_name("conftest.py")
RUN = (
    sys.executable,
    "-c",
    f"import runpy, sys; from chassis.cli import run; sys.exit(run(runpy.run_path({str(SHELF)!r})['shelf']))",
)
SCOPES = "books:read books:write"


def logged(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


@pytest.fixture
async def key_server(harness: ServiceHarness) -> AsyncIterator[str]:
    async with keys_of(harness.issuer) as address:
        yield address


@pytest.fixture
async def collector() -> AsyncIterator[tuple[str, dict[str, bytes]]]:
    """An OTLP collector: its address, and what was sent to which of its paths."""
    sent: dict[str, bytes] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
        body = await reader.readexactly(int(lines["content-length"]))
        plain = gzip.decompress(body) if lines.get("content-encoding") == "gzip" else body
        path = head.split()[1]
        sent[path] = sent.get(path, b"") + plain
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", sent


async def test_request_in_flight_is_finished_when_the_process_is_told_to_end(
    harness: ServiceHarness,
    held_shelf: Any,
    key_server: str,
    collector: tuple[str, dict[str, bytes]],
    tmp_path: Path,
) -> None:
    port, log = free_port(), tmp_path / "log"
    env = environment(harness, HTTP_PORT=str(port), JWKS_URL=key_server, TOKEN_ISSUER=harness.issuer.issuer)
    env["OTLP_ENDPOINT"], exported = collector
    clinic = new_id()
    headers = {"Authorization": f"Bearer {harness.issuer.token(clinic, SCOPES)}", "Idempotency-Key": "k"}
    address = f"http://127.0.0.1:{port}"
    async with process_of([*RUN, "api"], env, log) as process, httpx.AsyncClient(headers=headers, timeout=10) as client:
        assert await eventually(lambda: answers(f"{address}/health/ready"), within_seconds=30)
        assert (await client.get(f"{address}/v1/books")).status_code == 200
        posting = asyncio.create_task(client.post(f"{address}/v1/books", json={"title": "slow", "pages": [1]}))
        await eventually(held_shelf.waited_for)
        process.send_signal(signal.SIGTERM)

        async def draining() -> bool:
            return "draining" in [line["event"] for line in logged(log)]

        await eventually(draining)
        held_shelf.let_go()
        answer = await posting
        assert await process.wait() == 0
        assert await answers(f"{address}/health/live") is None
    assert answer.status_code == 201
    assert b"POST /v1/books" in exported["/v1/traces"]
    assert b"http.server.request.duration" in exported["/v1/metrics"]
    assert [line["event"] for line in logged(log)] == ["started", "draining", "ended"]
    async with harness.client(SCOPES, clinic) as client:
        assert len((await client.get("/v1/books")).json()["items"]) == 1


async def test_a_change_whose_client_has_gone_is_not_carried_out(
    harness: ServiceHarness, key_server: str, tmp_path: Path
) -> None:
    """ALL-1: the process stood still; the client gave up, sent it again elsewhere, and was told something else."""
    port, log, clinic = free_port(), tmp_path / "log", new_id()
    env = environment(harness, HTTP_PORT=str(port), JWKS_URL=key_server, TOKEN_ISSUER=harness.issuer.issuer)
    token, address = harness.issuer.token(clinic, SCOPES), f"http://127.0.0.1:{port}"
    headers = {"Authorization": f"Bearer {token}"}
    async with process_of([*RUN, "api"], env, log) as process, httpx.AsyncClient(headers=headers, timeout=30) as client:
        assert await eventually(lambda: answers(f"{address}/health/ready"), within_seconds=30)
        assert (await client.get(f"{address}/v1/books")).status_code == 200
        process.send_signal(signal.SIGSTOP)
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        body = b'{"title": "gone", "pages": [1]}'
        writer.write(
            b"POST /v1/books HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\n"
            b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (token.encode(), len(body), body)
        )
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        process.send_signal(signal.SIGCONT)
        for _ in range(5):
            assert (await client.get(f"{address}/v1/books")).json()["items"] == []
        made = await client.post(
            f"{address}/v1/books", json={"title": "gone", "pages": [1]}, headers={"Idempotency-Key": "k"}
        )
        assert (made.status_code, "idempotency-replayed" in made.headers) == (201, False)


async def test_worker_without_a_broker_lives_is_not_ready_and_ends_well(
    harness: ServiceHarness, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    env = environment(harness, HEALTH_PORT=str(port))
    async with process_of([*RUN, "worker"], env, log) as process:
        address = f"http://127.0.0.1:{port}"
        await eventually(lambda: answers(f"{address}/health/live"), within_seconds=30)
        well = dict.fromkeys(("database", "relay", "jobs", "measuring", "batch"), "ok")

        async def says_what_fails() -> bool:
            ready = await answers(f"{address}/health/ready")
            assert ready is not None
            said = (ready.status_code, ready.json()["checks"])
            return said == (503, well | {"kafka": "failed", "consumer": "failed"})

        await eventually(says_what_fails, within_seconds=30)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_worker_whose_topics_have_too_few_replicas_is_not_ready_and_says_which(
    harness: ServiceHarness, kafka_server: str, tmp_path: Path
) -> None:
    """ALL-7: one broker that is lost would take events with it."""
    topic = harness.service.subscriptions[0].topic
    await create_topics(Broker(kafka_server), Topics((topic,), 1))
    port, log = free_port(), tmp_path / "log"
    env = environment(harness, HEALTH_PORT=str(port), KAFKA_BOOTSTRAP=kafka_server, KAFKA_REPLICATION_FACTOR="3")
    async with process_of([*RUN, "worker"], env, log):
        well = dict.fromkeys(("database", "relay", "jobs", "measuring", "batch", "consumer"), "ok")

        async def says_what_fails() -> bool:
            ready = await answers(f"http://127.0.0.1:{port}/health/ready")
            return ready is not None and (ready.status_code, ready.json()["checks"]) == (
                503,
                well | {"kafka": "failed"},
            )

        await eventually(says_what_fails, within_seconds=60)
    assert f"{topic} has 1 of the 3 replicas that KAFKA_REPLICATION_FACTOR asks for" in log.read_text()


async def test_taken_port_is_said_in_a_line(harness: ServiceHarness) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await asyncio.create_subprocess_exec(
            *(*RUN, "api"),
            stderr=asyncio.subprocess.PIPE,
            env=environment(harness, HTTP_PORT=str(taken.getsockname()[1])),
        )
        _, err = await process.communicate()
    assert process.returncode == 1
    assert "Address already in use" in err.decode().splitlines()[-1]
