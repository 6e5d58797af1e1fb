"""A machine vanishes without a goodbye: what it held is let go, and another goes on, in less than half a minute."""

from __future__ import annotations

import asyncio
import os
import runpy
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.broker import Broker
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.database.address import NOTICED_SOON
from chassis.database.faults import SESSION_FAULTS
from chassis.database.lease import Lease, LeaseLost
from chassis.messaging import kafka
from chassis.messaging.errors import is_transient
from chassis.messaging.jobs import Job, Jobs
from chassis.testing.databases import TestDatabase, migrated_database
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.line import line_to
from chassis.testing.processes import free_port, process_of, served
from local_stack.edge.collector import LineFile, collector_routes, measured
from sqlalchemy import text
from starlette.applications import Starlette

SERVICE = Path(__file__).parents[1] / "tls" / "noted.py"
NAMES = runpy.run_path(str(SERVICE))
CLINIC = UUID(int=7)
LONGEST_SECONDS = 60.0
"""Half of it is what is promised; the rest is a busy machine's."""
Vanishing = dict[Callable[[ServiceHarness], Coroutine[Any, Any, None]], asyncio.Task[None]]

pytestmark = pytest.mark.xdist_group("vanished")


@pytest.fixture
async def noted(postgres_server: str) -> AsyncIterator[TestDatabase]:
    async with migrated_database(postgres_server, "noted", SERVICE.with_name("noted_migrations")) as owned:
        yield owned


@pytest.fixture
async def broker(kafka_server: str) -> Broker:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(NAMES[name], 1, 1) for name in ("HEARD", "TOLD")])
    finally:
        await admin.close()
    return Broker(kafka_server)


@pytest.fixture(scope="module")
async def vanishing(harness: ServiceHarness) -> AsyncIterator[Vanishing]:
    """What happens where a machine vanishes, begun at once: each waits for the kernel's probes, and nothing else."""
    begun = {
        one: asyncio.create_task(one(harness)) for one in (lease_is_given_up, locks_are_let_go, job_is_done_elsewhere)
    }
    yield begun
    for task in begun.values():
        task.cancel()
    await asyncio.gather(*begun.values(), return_exceptions=True)


async def test_events_of_a_worker_that_vanished_are_published_by_another_in_their_order(
    vanishing: Vanishing, noted: TestDatabase, broker: Broker, tmp_path: Path
) -> None:
    """ALL-7, of two processes as they run: it was 694 seconds.

    Meanwhile readiness says how far behind it is, and a collector of metrics is told the same.
    """
    first_port, second_port, key = free_port(), free_port(), str(uuid4())
    command = [sys.executable, str(SERVICE), "worker"]
    database = Database(noted.app_url)
    told = LineFile(tmp_path / "metrics.jsonl")
    async with (
        line_to(noted.app_url) as (line, address),
        served(Starlette(routes=collector_routes(LineFile(tmp_path / "spans.jsonl"), told))) as collector,
    ):
        envs = [
            _env(url, broker, port) | {"OTLP_ENDPOINT": collector, "METRICS_SECONDS": "0.5"}
            for url, port in ((address, first_port), (noted.app_url, second_port))
        ]
        async with process_of(command, envs[0], tmp_path / "first") as first:
            await eventually(lambda: _leads(first_port), within_seconds=LONGEST_SECONDS)
            async with process_of(command, envs[1], tmp_path / "second") as second:
                await eventually(lambda: _well(second_port), within_seconds=LONGEST_SECONDS)
                await _announce(database, key, "one", "two")
                await eventually(lambda: _told(broker, key, ["one", "two"]), within_seconds=LONGEST_SECONDS)
                await eventually(lambda: _is_marked(second_port))
                line.vanish()
                first.send_signal(signal.SIGSTOP)
                await _announce(database, key, "three", "four")
                await eventually(lambda: _waits_behind(second_port))
                await eventually(lambda: _is_told(told, second.pid, behind=True), within_seconds=LONGEST_SECONDS)
                in_order = ["one", "two", "three", "four"]
                await eventually(lambda: _told(broker, key, in_order), within_seconds=LONGEST_SECONDS)
                assert await _leads(second_port)
                await eventually(lambda: _is_told(told, second.pid, behind=False), within_seconds=LONGEST_SECONDS)
                first.send_signal(signal.SIGCONT)
                await _announce(database, key, "five")
                await eventually(lambda: _told(broker, key, [*in_order, "five"]), within_seconds=LONGEST_SECONDS)
                await eventually(lambda: _says_so(first_port), within_seconds=LONGEST_SECONDS)
    await database.close()


async def test_who_holds_a_lease_and_loses_the_network_gives_up_before_another_is_let_in(vanishing: Vanishing) -> None:
    """ALL-7: else two do the same at once. The server notices by itself, within 20 seconds."""
    await vanishing[lease_is_given_up]


async def test_locks_of_a_transaction_whose_machine_vanished_are_let_go_and_who_is_left_is_told(
    vanishing: Vanishing,
) -> None:
    """ALL-7: what waits for a row goes on, and a request does not wait for a server for ever."""
    await vanishing[locks_are_let_go]


async def test_a_job_whose_holder_vanished_is_cut_short_there_and_done_elsewhere(vanishing: Vanishing) -> None:
    """ALL-7."""
    await vanishing[job_is_done_elsewhere]


async def test_every_connection_is_watched_from_both_ends(harness: ServiceHarness) -> None:
    """Engine, leases and bells are made in one place; a lease only asks besides."""
    names = list(NOTICED_SOON)
    async with harness.database.reading([]) as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        said = {name: await driver.fetchval(f"SELECT current_setting('{name}')") for name in names}
        own = driver._transport.get_extra_info("socket")
    assert said == NOTICED_SOON
    assert own.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert own.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000


async def lease_is_given_up(harness: ServiceHarness) -> None:
    async with line_to(harness.database.url) as (line, address):
        holder, other = Lease(address, "holder"), Lease(harness.database.url, "other")
        assert await holder.take("a thing")
        working = asyncio.create_task(holder.hold(asyncio.Event().wait()))
        assert not await other.take("a thing")
        line.vanish()

        async def other_has_it() -> bool:
            return await other.take("a thing")

        await eventually(other_has_it, within_seconds=LONGEST_SECONDS)
        assert working.done()
        assert not holder.held
        with pytest.raises(LeaseLost):
            await working
        await other.close()
        await holder.close()


async def locks_are_let_go(harness: ServiceHarness) -> None:
    lock = text("SELECT pg_advisory_xact_lock(815)")
    async with line_to(harness.database.url) as (line, address):
        gone = Database(address, clock=SystemClock(), name="gone")
        with pytest.raises(SESSION_FAULTS) as told:
            async with gone.transaction([CLINIC], "gone") as work:
                await work.connection.execute(lock)
                line.vanish()
                async with asyncio.timeout(LONGEST_SECONDS), harness.database.transaction([CLINIC], "left") as left:
                    await left.connection.execute(lock)
                async with asyncio.timeout(LONGEST_SECONDS):
                    await work.connection.execute(lock)
        assert is_transient(told.value)
        await gone.close()


async def job_is_done_elsewhere(harness: ServiceHarness) -> None:
    events: list[str] = []

    def job(name: str) -> Job:
        async def goes_on(_: Any) -> None:
            events.append(f"{name} began")
            try:
                await asyncio.Event().wait()
            finally:
                events.append(f"{name} ended")

        return Job("goes_on", 0.2, goes_on)

    async with line_to(harness.database.url) as (line, address):
        first = Jobs("sample", address, [job("first")], harness.resources)
        second = Jobs("sample", harness.database.url, [job("second")], harness.resources)
        running = [asyncio.create_task(first.run())]

        async def are(expected: list[str]) -> bool:
            return events == expected

        await eventually(lambda: are(["first began"]))
        running.append(asyncio.create_task(second.run()))
        line.vanish()
        await eventually(lambda: are(["first began", "first ended", "second began"]), within_seconds=LONGEST_SECONDS)
        assert first.trouble is not None
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def _env(url: str, broker: Broker, port: int) -> dict[str, str]:
    told = {"DATABASE_URL": url, "KAFKA_BOOTSTRAP": broker.bootstrap, "HEALTH_PORT": str(port)}
    return {**os.environ, "HTTP_HOST": "127.0.0.1"} | told


async def _announce(database: Database, key: str, *words: str) -> None:
    async with database.transaction([CLINIC], "test") as work:
        for word in words:
            work.announce(NAMES["Noted"](CLINIC, key, work.now, word), subject=uuid4(), sequence=1)


async def _told(broker: Broker, key: str, words: list[str]) -> bool:
    """Whether the topic has these events of this key, each once and in this order."""
    client = await kafka.started(kafka.consumer(broker, "listener", None, NAMES["TOLD"]), broker)
    try:
        (partition,) = client.assignment()
        end = (await client.end_offsets([partition]))[partition]
        found: list[str] = []
        while await client.position(partition) < end:
            records = (await client.getmany(partition, timeout_ms=500)).get(partition, [])
            found += [record.value.decode() for record in records if record.key == key.encode()]
    finally:
        await kafka.stopped(client)
    return found == words


async def _readiness(port: int) -> tuple[int, dict[str, Any]] | None:
    async with httpx.AsyncClient() as client:
        try:
            answer = await client.get(f"http://127.0.0.1:{port}/health/ready", timeout=10)
        except httpx.TransportError:
            return None
    return answer.status_code, answer.json()


async def _well(port: int) -> bool:
    said = await _readiness(port)
    return said is not None and said[0] == 200


async def _leads(port: int) -> bool:
    said = await _readiness(port)
    return said is not None and said[1].get("figures", {}).get("relay_leads") == 1


async def _is_marked(port: int) -> bool:
    """What was published and not marked when its relay is lost is published twice, in the same order."""
    said = await _readiness(port)
    return said is not None and said[1].get("figures", {}).get("outbox_unpublished") == 0


async def _waits_behind(port: int) -> bool:
    said = await _readiness(port)
    figures = said[1].get("figures", {}) if said else {}
    return figures.get("relay_leads") == 0 and figures.get("outbox_oldest_seconds", 0) > 0


async def _is_told(told: LineFile, pid: int, *, behind: bool) -> bool:
    """Whether a process has told the collector at last that another leads and events wait, or that it leads itself."""
    names = ("dental_billing.relay.leads", "dental_billing.outbox.oldest")
    last = {name: [one.value for one in measured(told, name) if one.instance.endswith(f"-{pid}")] for name in names}
    leads, oldest = (values[-1] if values else None for values in last.values())
    return leads == 0 and bool(oldest) if behind else leads == 1


async def _says_so(port: int) -> bool:
    """Who has lost the database is not ready, though it has come back to itself."""
    said = await _readiness(port)
    return said is not None and said[0] == 503 and said[1]["checks"]["relay"] == "failed"
