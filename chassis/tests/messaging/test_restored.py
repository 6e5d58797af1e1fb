"""After a database was put back: what the service had announced since and knows no more is said in figures (K4)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.broker import Broker
from chassis.database.transaction import Work
from chassis.messaging.message import Message
from chassis.messaging.relay import Relay
from chassis.messaging.restoring import announced_and_forgotten
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.word import CLINIC, Word

AMOUNT = '{"amount": {"amount": "12.50", "currency": "USD"}}'


@pytest.fixture
async def topic(kafka_server: str) -> str:
    name = f"restored.{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 2, 1)])
    finally:
        await admin.close()
    return name


async def announced(harness: ServiceHarness, broker: Broker, topic: str, *words: str) -> None:
    """These words are announced, and with the broker."""
    async with harness.database.transaction([CLINIC], "test") as work:
        for number, word in enumerate(words):
            work.announce(Word(topic, word, AMOUNT), subject=uuid4(), sequence=number)
    relay = Relay("sample", harness.database.url, broker, harness.database.bell)
    publishing = asyncio.create_task(relay.run())

    async def all_published() -> bool:
        return all(one.raw == b"" for one in await harness.announced())

    try:
        await eventually(all_published, within_seconds=60)
    finally:
        relay.stop()
        await publishing


@pytest.mark.rule("ALL-7.1")
async def test_what_was_announced_since_is_counted_and_given_to_who_can_take_it_over(
    harness: ServiceHarness, kafka_server: str, topic: str
) -> None:
    """Of a database that knows the first word only."""
    broker, began = Broker(kafka_server), datetime.now(UTC) - timedelta(minutes=1)
    await announced(harness, broker, topic, "before", "after", "later")
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await connection.execute("DELETE FROM outbox WHERE topic = $1 AND key <> 'before'", topic)
    finally:
        await connection.close()
    taken: list[str] = []

    async def take_over(work: Work, messages: Sequence[Message]) -> None:
        assert work.clinic_ids == (CLINIC,)
        taken.extend(message.key for message in messages)

    found = await announced_and_forgotten(harness.database, broker, "sample", topic, began, take_over)
    assert {kind: (one.events, one.amounts) for kind, one in found.items()} == {"word": (2, {"USD": Decimal("25.00")})}
    assert sorted(taken) == ["after", "later"]
    assert await announced_and_forgotten(harness.database, broker, "another", topic, began) == {}
