"""A service as a process: it starts without its surroundings, ends what it began, and obeys its operator (`ALL-7`)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness, eventually

SHELF = Path(__file__).with_name("conftest.py")
RUN = f"import runpy, sys; sys.exit(runpy.run_path({str(SHELF)!r})['shelf'].main())"
NOWHERE = "127.0.0.1:9"
SCOPES = "books:read books:write"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(harness: ServiceHarness, **more: str) -> dict[str, str]:
    given = {"DATABASE_URL": harness.owned.app_url, "MIGRATION_DATABASE_URL": harness.owned.owner_url}
    return {**os.environ, "KAFKA_BOOTSTRAP": NOWHERE, "HTTP_HOST": "127.0.0.1"} | given | more


async def commanded(harness: ServiceHarness, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN, *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(harness),
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def process_of(
    arguments: Sequence[str], env: dict[str, str], log: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", RUN, *arguments, stderr=errors, env=env)
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


def logged(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


async def answers(url: str) -> httpx.Response | None:
    async with httpx.AsyncClient() as client:
        try:
            return await client.get(url)
        except httpx.TransportError:
            return None


@pytest.fixture
async def key_server(harness: ServiceHarness) -> AsyncIterator[str]:
    """The issuer's key set on a socket."""
    body = json.dumps(harness.issuer.jwks()).encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks"


async def test_request_in_flight_is_finished_when_the_process_is_told_to_end(
    harness: ServiceHarness, key_server: str, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    env = environment(harness, HTTP_PORT=str(port), JWKS_URL=key_server, TOKEN_ISSUER=harness.issuer.issuer)
    clinic = new_id()
    headers = {"Authorization": f"Bearer {harness.issuer.token(clinic, SCOPES)}", "Idempotency-Key": "k"}
    address = f"http://127.0.0.1:{port}"
    async with process_of(["api"], env, log) as process, httpx.AsyncClient(headers=headers, timeout=10) as client:
        assert await eventually(lambda: answers(f"{address}/health/ready"), within_seconds=30)
        assert (await client.get(f"{address}/v1/books")).status_code == 200
        posting = asyncio.create_task(client.post(f"{address}/v1/books", json={"title": "slow", "pages": [1]}))
        await eventually(lambda: in_transaction(harness))
        process.send_signal(signal.SIGTERM)
        answer = await posting
        assert await process.wait() == 0
        assert await answers(f"{address}/health/live") is None
    assert answer.status_code == 201
    assert [line["event"] for line in logged(log)] == ["started", "draining", "ended"]
    async with harness.client(SCOPES, clinic) as client:
        assert len((await client.get("/v1/books")).json()["items"]) == 1


async def in_transaction(harness: ServiceHarness) -> bool:
    from sqlalchemy import text

    asked = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                 "(SELECT oid FROM pg_database WHERE datname = current_database())")  # fmt: skip
    async with harness.database.reading([]) as connection:
        return bool(await connection.scalar(asked))


async def test_worker_without_a_broker_lives_is_not_ready_and_ends_well(
    harness: ServiceHarness, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "log"
    env = environment(harness, HEALTH_PORT=str(port))
    async with process_of(["worker"], env, log) as process:
        address = f"http://127.0.0.1:{port}"
        await eventually(lambda: answers(f"{address}/health/live"), within_seconds=30)
        ready = await answers(f"{address}/health/ready")
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
    assert ready is not None
    assert (ready.status_code, ready.json()["checks"]) == (
        503,
        {"database": "ok", "kafka": "failed", "consumer": "ok"},
    )


async def test_taken_port_is_said_in_a_line(harness: ServiceHarness) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", RUN, "api"),
            stderr=asyncio.subprocess.PIPE,
            env=environment(harness, HTTP_PORT=str(taken.getsockname()[1])),
        )
        _, err = await process.communicate()
    assert process.returncode == 1
    assert "Address already in use" in err.decode().splitlines()[-1]


async def test_unusable_setting_is_named(harness: ServiceHarness) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", RUN, "api"),
        stderr=asyncio.subprocess.PIPE,
        env=environment(harness, DATABASE_POOL_SIZE="many"),
    )
    _, err = await process.communicate()
    assert process.returncode == 2
    assert err.decode().startswith("shelf: the environment variable DATABASE_POOL_SIZE is not usable")


async def test_operator_lists_shows_replays_and_dismisses_what_was_set_aside(harness: ServiceHarness) -> None:
    arrived = harness_event(harness)
    clinic = new_id()
    now = datetime.now(UTC)
    await harness.deliver(
        arrived(clinic_id=clinic, occurred_at=now, title="poison"),
        arrived(clinic_id=clinic, occurred_at=now, title="b"),
    )
    code, out, _ = await commanded(harness, "dead-letters", "list")
    letters = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [(one["state"], one["reason"]) for one in letters if one["key"] == str(clinic)] == [
        ("dead", "nobody reads this"),
        ("waiting", "an earlier message of this key is set aside"),
    ]
    assert "poison" not in out, "the data may be personal, and is shown only when asked for"
    number = str(letters[0]["id"])
    shown = await commanded(harness, "dead-letters", "show", "--id", number)
    assert "poison" in shown[1]
    assert (await commanded(harness, "dead-letters", "replay", "--id", number))[0] == 0
    assert await harness.retry() == 0
    code, out, _ = await commanded(harness, "dead-letters", "dismiss", "--id", number, "--reason", "a test's")
    assert (code, json.loads(out)) == (0, {"done": [int(number)], "not_open": []})
    assert (await commanded(harness, "dead-letters", "dismiss", "--id", number, "--reason", "again"))[0] == 1
    assert await eventually(harness.retry) == 1
    assert await harness.set_aside() == []


def harness_event(harness: ServiceHarness) -> Any:
    """The event class of the sample service, found where its handler is declared."""
    (subscription,) = harness.service.subscriptions
    (handler,) = subscription.handlers.values()
    return handler.__globals__["BookArrived"]


async def test_migrate_again_changes_nothing_and_says_the_version(harness: ServiceHarness) -> None:
    code, out, err = await commanded(harness, "migrate")
    assert (code, json.loads(out)) == (0, {"service": "shelf", "schema": "20261123_books"}), err


async def test_proof_without_a_difference_is_well(harness: ServiceHarness) -> None:
    assert (await commanded(harness, "prove"))[0] == 0
