"""The broker stands still, again and again: what was begun with it is let go of, and goes on once it is back."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import uuid4

import psutil
import pytest
from aiokafka import client
from aiokafka.errors import KafkaError, KafkaTimeoutError
from chassis.broker import Broker
from chassis.database.machinery import every_clinic
from chassis.messaging import kafka
from chassis.messaging import relay as relay_module
from chassis.messaging.relay import Relay
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.processes import free_port
from chassis.testing.word import CLINIC, Word
from local_stack.kafka import Kafka
from local_stack.places import passable_folder
from sqlalchemy import text

TIMES = 3
TOPIC = "billing.receipts.v1"


@pytest.fixture
async def own_broker() -> AsyncIterator[Kafka]:
    """One of this test's own: it is paused."""
    folder = passable_folder("kafka-away")
    broker = Kafka(folder / "kafka", free_port(), free_port(), folder / "log")
    try:
        await broker.start()
        yield broker
    finally:
        await broker.stop()
        shutil.rmtree(folder, ignore_errors=True)


def pause(broker: Kafka) -> None:
    assert broker.child is not None
    broker.child.send(signal.SIGSTOP)


def resume(broker: Kafka) -> None:
    assert broker.child is not None
    broker.child.send(signal.SIGCONT)


def connections(broker: Kafka) -> int:
    """How many this process has with the broker."""
    own = psutil.Process().net_connections("tcp")
    return sum(1 for one in own if one.raddr and one.raddr.port == broker.port and one.status == "ESTABLISHED")


async def announce(harness: ServiceHarness, word: str, key: str = "key") -> None:
    async with harness.database.transaction([CLINIC], "test") as work:
        work.announce(Word(TOPIC, key, word), subject=uuid4(), sequence=1)


async def unpublished(harness: ServiceHarness) -> Sequence[Any]:
    async with harness.database.reading([]) as connection, every_clinic(connection):
        found = await connection.execute(text("SELECT * FROM outbox WHERE published_at IS NULL ORDER BY id"))
        return found.mappings().all()


class CutOff(Relay):
    """A relay with no way to the broker, which counts how often it had the lease for nothing."""

    failed = 0

    async def publish_batch(self) -> int:
        try:
            return await super().publish_batch()
        except KafkaError:
            self.failed += 1
            raise


async def test_a_relay_that_alone_has_no_way_to_the_broker_leaves_it_to_another(
    harness: ServiceHarness, kafka_server: str
) -> None:
    """ALL-7: it had the lease again before anybody else asked for it, over and over, for up to two minutes."""
    nowhere = Broker(f"127.0.0.1:{free_port()}")
    cut_off = CutOff("sample", harness.database.url, nowhere, harness.database.bell)
    other = Relay("sample", harness.database.url, Broker(kafka_server), harness.database.bell)

    async def leads() -> bool:
        return cut_off.leads

    async def all_out() -> bool:
        return not await unpublished(harness)

    running = [asyncio.create_task(cut_off.run())]
    await eventually(leads)
    running.append(asyncio.create_task(other.run()))
    await announce(harness, "word")
    await eventually(all_out, within_seconds=60)
    assert (cut_off.failed, cut_off.leads, other.leads) == (1, False, True)
    for relay in (cut_off, other):
        relay.stop()
    await asyncio.gather(*running)


class LateOnce:
    """A broker's way of taking events, of which it says nothing about one, and does not take another."""

    async def send(self, _topic: str, *, value: bytes, **_: Any) -> asyncio.Future[None]:
        if value == b"refused":
            raise KafkaTimeoutError
        said: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if value != b"late":
            said.set_result(None)
        return said


async def test_what_was_acknowledged_in_time_goes_once_whatever_else_was_not(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: all of the batch went again; what is behind an event of which nothing was said still does."""
    monkeypatch.setattr(relay_module, "ACK_TIMEOUT_SECONDS", 0.2)
    of_a = [("a", "early"), ("a", "late"), ("a", "behind")]
    for key, word in (*of_a, ("b", "early"), ("b", "refused"), ("b", "behind"), ("c", "early")):
        await announce(harness, word, key)
    rows = await unpublished(harness)
    relay = Relay("sample", harness.database.url, Broker("127.0.0.1:9"), harness.database.bell)
    relay._producer = LateOnce()
    sent, fault = await relay._send_in_time(rows)
    assert sent == [rows[place]["id"] for place in (0, 3, 6)]
    assert isinstance(fault, TimeoutError)
    async with harness.database.transaction([CLINIC], "test") as work:
        await work.connection.execute(text("UPDATE outbox SET published_at = clock_timestamp()"))


class LetInLate(Relay):
    """A relay whose broker takes longer to let it in than to take what it sends."""

    async def _started_producer(self) -> Any:
        let_in: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(2 * relay_module.ACK_TIMEOUT_SECONDS, let_in.set_result, None)
        await let_in
        return LateOnce()


async def test_a_broker_that_lets_in_late_is_published_to(
    harness: ServiceHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: the time in which events are to be acknowledged begins when they can be sent."""
    monkeypatch.setattr(relay_module, "ACK_TIMEOUT_SECONDS", 0.2)
    await announce(harness, "early")
    rows = await unpublished(harness)
    relay = LetInLate("sample", harness.database.url, Broker("127.0.0.1:9"), harness.database.bell)
    assert await relay._send_in_time(rows) == ([row["id"] for row in rows], None)
    async with harness.database.transaction([CLINIC], "test") as work:
        await work.connection.execute(text("UPDATE outbox SET published_at = clock_timestamp()"))


async def test_a_relay_has_no_more_connections_after_the_broker_was_away(
    harness: ServiceHarness, own_broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: each time one more was left, with a task that keeps it open, whenever it was away for over 35 seconds."""
    monkeypatch.setattr(relay_module, "ACK_TIMEOUT_SECONDS", 1.0)
    monkeypatch.setattr(kafka, "STOP_SECONDS", 1.0)
    relay = Relay("sample", harness.database.url, Broker(own_broker.bootstrap), harness.database.bell)
    running = asyncio.create_task(relay.run())

    async def all_out() -> bool:
        return not await unpublished(harness)

    async def is_troubled() -> bool:
        return relay.trouble is not None

    await announce(harness, "word")
    await eventually(all_out, within_seconds=30)
    before = connections(own_broker)
    for _ in range(TIMES):
        pause(own_broker)
        await announce(harness, "word")
        await eventually(is_troubled, within_seconds=60)
        resume(own_broker)
        await eventually(all_out, within_seconds=60)

    async def as_before() -> bool:
        assert connections(own_broker) <= before
        return True

    assert before > 0
    await eventually(as_before, within_seconds=30)
    relay.stop()
    await running

    async def none_left() -> bool:
        return connections(own_broker) == 0

    await eventually(none_left, within_seconds=30)


async def test_what_a_producer_was_about_to_send_when_it_was_cut_off_is_never_sent(
    own_broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: who has the lease then has sent it, and more: it came again behind that, once there was a way again."""
    broker, begun, there_is_a_way = Broker(own_broker.bootstrap), asyncio.Event(), asyncio.Event()
    producer = await kafka.started(kafka.producer(broker, "away"), broker)
    await producer.send_and_wait(TOPIC, b"sent")
    create = client.create_conn

    async def created(*given: Any, **named: Any) -> Any:
        begun.set()
        await there_is_a_way.wait()
        return await create(*given, **named)

    monkeypatch.setattr(client, "create_conn", created)
    kafka._cut(producer)
    await producer.send(TOPIC, b"late")
    await begun.wait()
    ending = kafka.cut_off(producer)
    there_is_a_way.set()
    await ending
    reader = await kafka.started(kafka.consumer(broker, "reader", None, TOPIC), broker)
    assert sum((await reader.end_offsets(reader.assignment())).values()) == 1
    await kafka.stopped(reader)


async def test_a_client_that_cannot_stop_in_order_is_cut_off(
    own_broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it holds is let go, whatever the broker does, and nothing that waits for an answer goes on."""
    monkeypatch.setattr(kafka, "STOP_SECONDS", 1.0)
    broker = Broker(own_broker.bootstrap)
    consumer = kafka.consumer(broker, "away", "away", TOPIC)
    producer = await kafka.started(kafka.producer(broker, "away"), broker)
    await kafka.started(consumer, broker)
    await consumer.getmany(timeout_ms=100)
    pause(own_broker)
    pending = await producer.send(TOPIC, b"never")
    await kafka.cut_off(producer)
    await kafka.stopped(consumer)
    assert pending.done()

    async def none_left() -> bool:
        return connections(own_broker) == 0 and not kafka._ending

    await eventually(none_left, within_seconds=60)
    resume(own_broker)
