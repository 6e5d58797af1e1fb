"""A worker that still reaches the broker, and the database no more: others go on with what it had."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.broker import Broker
from chassis.messaging import Subscription
from chassis.messaging import consumer as consumer_module
from chassis.messaging import inbound as inbound_module
from chassis.messaging.consumer import Consumer
from chassis.messaging.inbound import Inbound
from chassis.messaging.relay import Relay
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.parts import running
from chassis.testing.word import CLINIC, Word


class OneWay:
    """A database as one process has it: what is asked while there is no way to it is never answered."""

    def __init__(self, harness: ServiceHarness) -> None:
        self._database = harness.database
        self.is_open = asyncio.Event()
        self.is_open.set()

    @asynccontextmanager
    async def transaction(self, *given: Any) -> AsyncIterator[Any]:
        if not self.is_open.is_set():
            await self.is_open.wait()
            raise ConnectionResetError
        async with self._database.transaction(*given) as work:
            yield work


async def test_who_alone_has_no_way_to_the_database_leaves_its_partitions_to_others_until_there_is_one(
    harness: ServiceHarness, sample: Any, kafka_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: it kept them for minutes, and with them every patient who is in them."""
    for module, name, seconds in (
        (consumer_module, "LEAVE_SECONDS", 0.5),
        (consumer_module, "ASK_SECONDS", 0.2),
        (inbound_module, "GIVEN_SECONDS", 0.3),
    ):
        monkeypatch.setattr(module, name, seconds)
    topic, keys, way = f"sample.{uuid4().hex}", [str(uuid4()) for _ in range(20)], OneWay(harness)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    await admin.create_topics([NewTopic(topic, 4, 1)])
    await admin.close()

    def consumer(name: str, database: Any) -> Consumer:
        taking = Inbound(f"group-{topic}", database, [Subscription(topic, {"word": sample.handler})])
        return Consumer(taking, Broker(kafka_server), client_id=name, batch=1_000)

    async def announce(word: str) -> None:
        async with harness.database.transaction([CLINIC], "test") as work:
            for key in keys:
                work.announce(Word(topic, key, word), subject=uuid4(), sequence=0)

    def all_have(*words: str) -> Callable[[], Awaitable[bool]]:
        async def check() -> bool:
            return sorted(await sample.marked(*keys)) == sorted(words * len(keys))

        return check

    async def is_well() -> bool:
        return one.trouble is None

    one, two = consumer("one", way), consumer("two", SimpleNamespace(transaction=harness.database.transaction))
    async with running(Relay("sample", harness.database.url, Broker(kafka_server), harness.database.bell), one):
        await announce("first")
        await eventually(all_have("first"), within_seconds=20)
        way.is_open.clear()
        await announce("second")
        async with running(two):
            await eventually(all_have("first", "second"), within_seconds=30)
            assert one.trouble == "TimeoutError"
        way.is_open.set()
        await announce("third")
        await eventually(all_have("first", "second", "third"), within_seconds=30)
        await eventually(is_well)
