"""The broker stands still, again and again: what was begun with it is let go of, and goes on once it is back."""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import AsyncIterator
from uuid import uuid4

import psutil
import pytest
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


async def test_a_relay_has_no_more_connections_after_the_broker_was_away(
    harness: ServiceHarness, own_broker: Kafka, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: each time one more was left, with a task that keeps it open, whenever it was away for over 35 seconds."""
    monkeypatch.setattr(relay_module, "ACK_TIMEOUT_SECONDS", 1.0)
    monkeypatch.setattr(kafka, "STOP_SECONDS", 1.0)
    relay = Relay("sample", harness.database.url, Broker(own_broker.bootstrap), harness.database.bell)
    running = asyncio.create_task(relay.run())

    async def announce() -> None:
        async with harness.database.transaction([CLINIC], "test") as work:
            work.announce(Word(TOPIC, "key", "word"), subject=uuid4(), sequence=1)

    async def all_out() -> bool:
        async with harness.database.transaction([], "test") as work, every_clinic(work.connection):
            driver = (await work.connection.get_raw_connection()).driver_connection
            assert driver is not None
            return not await driver.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")

    async def is_troubled() -> bool:
        return relay.trouble is not None

    await announce()
    await eventually(all_out, within_seconds=30)
    before = connections(own_broker)
    for _ in range(TIMES):
        pause(own_broker)
        await announce()
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
    await kafka.dropped(producer)
    await kafka.stopped(consumer)
    assert pending.done()

    async def none_left() -> bool:
        return connections(own_broker) == 0 and not kafka._ending

    await eventually(none_left, within_seconds=60)
    resume(own_broker)
