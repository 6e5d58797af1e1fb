"""From a transaction through outbox, relay and a real Kafka to a handler: in order, once, whatever is interrupted."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from chassis.broker import Broker
from chassis.database import Database
from chassis.database.machinery import SEE_ALL
from chassis.messaging import Subscription, kafka
from chassis.messaging.consumer import Consumer
from chassis.messaging.inbound import Inbound
from chassis.messaging.relay import Relay
from chassis.messaging.replay import replay
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.parts import running
from chassis.testing.word import CLINIC, Word


@pytest.fixture
async def topic(kafka_server: str) -> str:
    name = f"sample.{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(name, 4, 1)])
    finally:
        await admin.close()
    for _, code, *_ in answer.topic_errors:
        assert code == 0 or for_code(code) is TopicAlreadyExistsError
    return name


def inbound(harness: ServiceHarness, topic: str, handler: Any, group: str | None = None) -> Inbound:
    return Inbound(group or f"group-{topic}", harness.database, [Subscription(topic, {"word": handler})])


def relay(harness: ServiceHarness, bootstrap: str) -> Relay:
    return Relay("sample", harness.database.url, Broker(bootstrap), harness.database.bell)


async def announce(database: Database, topic: str, key: str, *words: str) -> None:
    async with database.transaction([CLINIC], "test") as work:
        for number, word in enumerate(words):
            work.announce(Word(topic, key, word), subject=uuid4(), sequence=number)


def all_marked(sample: Any, key: str, words: list[str]) -> Callable[[], Any]:
    async def check() -> bool:
        assert await sample.marked(key) == words
        return True

    return check


async def test_events_arrive_in_order_and_once(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7."""
    key, words = str(uuid4()), [f"word-{number}" for number in range(1200)]
    consumer = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="test", batch=1_000)
    async with running(relay(harness, kafka_server), consumer):
        for start in range(0, 1200, 100):
            await announce(harness.database, topic, key, *words[start : start + 100])
        await eventually(all_marked(sample, key, words), within_seconds=30)


async def test_no_more_are_taken_at_once_than_the_service_says(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """What is held in memory is bounded, however long the backlog."""
    key, words, taken = str(uuid4()), [f"word-{number}" for number in range(200)], []

    async def handler(work: Any, messages: Any) -> None:
        taken.append(len(messages))
        await sample.handler(work, messages)

    await announce(harness.database, topic, key, *words)
    consumer = Consumer(inbound(harness, topic, handler), Broker(kafka_server), client_id="test", batch=30)

    async def all_published() -> bool:
        return await _records(kafka_server, topic) == len(words)

    async with running(relay(harness, kafka_server)):
        await eventually(all_published, within_seconds=20)
    async with running(consumer):
        await eventually(all_marked(sample, key, words), within_seconds=30)
    assert (max(taken), sum(taken)) == (30, 200)


async def test_two_relays_publish_each_event_once_between_them(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: one holds the lease; the other takes over when it ends."""
    key = str(uuid4())
    consumer = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="test", batch=1_000)
    first, second = relay(harness, kafka_server), relay(harness, kafka_server)
    async with running(second, consumer):
        async with running(first):
            await announce(harness.database, topic, key, "one", "two")
            await eventually(all_marked(sample, key, ["one", "two"]), within_seconds=20)
        await announce(harness.database, topic, key, "three")
        await eventually(all_marked(sample, key, ["one", "two", "three"]), within_seconds=20)
    assert await _records(kafka_server, topic) == 3


async def test_a_relay_whose_lease_is_cut_publishes_no_more_until_it_has_it_again(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: else two publish at once, each event twice and out of order."""
    key, words = str(uuid4()), [f"word-{number}" for number in range(20)]
    first, second = relay(harness, kafka_server), relay(harness, kafka_server)
    admin = await asyncpg.connect(harness.owned.admin_dsn)
    holder = """
        SELECT DISTINCT l.pid FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
         WHERE l.locktype = 'advisory' AND l.granted AND a.datname = $1 AND a.application_name = 'sample-relay'
    """

    async def held() -> int | None:
        found: int | None = await admin.fetchval(holder, harness.owned.name)
        return found

    try:
        async with running(first, second):
            for _ in range(3):
                pid = await eventually(held, within_seconds=20)
                await admin.execute("SELECT pg_terminate_backend($1)", pid)

                async def another_holds_it(before: int = pid) -> bool:
                    return await held() not in (None, before)

                await eventually(another_holds_it, within_seconds=20)
            await announce(harness.database, topic, key, *words)

            async def all_published() -> bool:
                return await _records(kafka_server, topic) >= len(words)

            await eventually(all_published, within_seconds=20)
            await announce(harness.database, topic, key, "last")

            async def last_published() -> bool:
                return await _records(kafka_server, topic) > len(words)

            await eventually(last_published, within_seconds=20)
        assert await _records(kafka_server, topic) == len(words) + 1
    finally:
        await admin.close()


async def test_what_a_relay_published_but_could_not_mark_counts_once(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: the relay dies between the broker's ack and the mark."""
    key = str(uuid4())
    await announce(harness.database, topic, key, "one", "two")
    interrupted = relay(harness, kafka_server)
    assert await interrupted._lease.take("relay:interrupted")
    connection = interrupted._lease.connection()
    await connection.execute(SEE_ALL)
    rows = await connection.fetch("SELECT * FROM outbox WHERE topic = $1 ORDER BY id", topic)
    await interrupted._send_in_time(rows)
    await interrupted._let_go()
    consumer = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="test", batch=1_000)
    async with running(relay(harness, kafka_server), consumer):
        await announce(harness.database, topic, key, "three")
        await eventually(all_marked(sample, key, ["one", "two", "three"]), within_seconds=20)
    assert await _records(kafka_server, topic) == 5


async def test_a_relay_outlives_a_connection_that_is_cut_while_the_driver_asks_about_types(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: asyncpg then raises an InternalClientError, which is none of its errors of the server or the interface."""

    class CutOnce(Relay):
        cut = False

        async def publish_batch(self) -> int:
            if not self.cut:
                self.cut = True
                raise asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")
            return await super().publish_batch()

    key = str(uuid4())
    consumer = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="test", batch=1_000)
    broken = CutOnce("sample", harness.database.url, Broker(kafka_server), harness.database.bell)
    async with running(broken, consumer):
        await announce(harness.database, topic, key, "one")
        await eventually(all_marked(sample, key, ["one"]), within_seconds=20)


@pytest.mark.rule("ALL-7.1")
async def test_a_second_member_takes_its_share_and_nothing_is_handled_twice_or_lost(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: partitions move in the middle of the work."""
    keys = [str(uuid4()) for _ in range(40)]
    words = [f"word-{number}" for number in range(10)]
    one = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="one", batch=1_000)
    two = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="two", batch=1_000)

    async def all_arrived() -> bool:
        marks = await sample.marked(*keys)
        assert len(marks) == len(keys) * len(words)
        return True

    async with running(relay(harness, kafka_server), one):
        await asyncio.gather(*(announce(harness.database, topic, key, *words[:5]) for key in keys))
        async with running(two):
            await asyncio.gather(*(announce(harness.database, topic, key, *words[5:]) for key in keys))
            await eventually(all_arrived, within_seconds=30)
    for key in keys:
        assert await sample.marked(key) == words


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_database_that_goes_away_in_the_middle_delays_and_loses_nothing(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: all of the service's connections are cut, again and again."""
    key, words = str(uuid4()), [f"word-{number}" for number in range(300)]
    consumer = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="test", batch=1_000)
    async with running(relay(harness, kafka_server), consumer):
        for start in range(0, 300, 60):
            await announce(harness.database, topic, key, *words[start : start + 60])
            await _cut_connections(harness)
        await eventually(all_marked(sample, key, words), within_seconds=30)
    # asyncpg does not close the socket of a handshake that the server cuts; it is collected here, not in another test.
    gc.collect()


async def test_a_replay_handles_what_was_missed_and_nothing_twice(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7."""
    key, began = str(uuid4()), datetime.now(UTC)
    messages = inbound(harness, topic, sample.handler)
    async with running(relay(harness, kafka_server)):
        await announce(harness.database, topic, key, "one", "two", "three")

        async def published() -> bool:
            return await _records(kafka_server, topic) == 3

        await eventually(published)
    end = datetime.max.replace(tzinfo=UTC)
    assert await replay(messages, Broker(kafka_server), topic, began.replace(microsecond=0), end) == 3
    assert await replay(messages, Broker(kafka_server), topic, began.replace(microsecond=0), end) == 3
    assert await sample.marked(key) == ["one", "two", "three"]


async def test_a_record_that_is_no_event_is_set_aside_and_the_rest_goes_on(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7."""
    key = str(uuid4())
    await _send(kafka_server, topic, key="stranger", value=b"?")
    consumer = Consumer(inbound(harness, topic, sample.handler), Broker(kafka_server), client_id="test", batch=1_000)
    async with running(relay(harness, kafka_server), consumer):
        await announce(harness.database, topic, key, "fine")
        await eventually(all_marked(sample, key, ["fine"]), within_seconds=20)

        async def kept() -> bool:
            return ("dead", "the header ce_id is missing or malformed") in await sample.letters("stranger")

        await eventually(kept)


async def test_a_replay_sets_aside_what_is_no_event_and_waits_out_a_fault(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str
) -> None:
    """ALL-7: it is the way to repair, so one record must not keep it from what is behind."""
    key, began = str(uuid4()), datetime.now(UTC).replace(microsecond=0)
    faults = [ConnectionResetError(), TimeoutError()]

    async def handler(work: Any, messages: Any) -> None:
        if faults:
            raise faults.pop()
        await sample.handler(work, messages)

    await _send(kafka_server, topic, key="stranger", value=b"?")
    messages = inbound(harness, topic, handler)
    async with running(relay(harness, kafka_server)):
        await announce(harness.database, topic, key, "one", "two")

        async def published() -> bool:
            return await _records(kafka_server, topic) == 3

        await eventually(published)
    end = datetime.max.replace(tzinfo=UTC)
    assert await replay(messages, Broker(kafka_server), topic, began, end) == 3
    assert await sample.marked(key) == ["one", "two"]
    assert ("dead", "the header ce_id is missing or malformed") in await sample.letters("stranger")


@pytest.mark.parametrize("part", ["take", "retry_waiting"])
async def test_a_consumer_that_cannot_go_on_ends_and_says_so(
    harness: ServiceHarness, sample: Any, kafka_server: str, topic: str, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: a process that lives on without it would look well while nothing is handled."""
    messages = inbound(harness, topic, sample.handler)

    async def broken(*_: Any) -> int:
        raise LookupError("a bug of ours")

    monkeypatch.setattr(messages, part, broken)
    await _send(kafka_server, topic, key="any", value=b"any")
    consumer = Consumer(messages, Broker(kafka_server), client_id="test", batch=10)
    async with asyncio.timeout(20):
        with pytest.raises(ExceptionGroup) as ended:
            await consumer.run()
    assert ended.group_contains(LookupError)
    assert consumer.seconds_in_work == 0.0


async def _send(bootstrap: str, topic: str, *, key: str, value: bytes) -> None:
    producer = kafka.producer(Broker(bootstrap), "stranger")
    await producer.start()
    try:
        await producer.send_and_wait(topic, value, key=key.encode(), headers=[("ce_type", b"word")], partition=0)
    finally:
        await producer.stop()


async def _records(bootstrap: str, topic: str) -> int:
    client = kafka.consumer(Broker(bootstrap), "count", None, topic)
    await client.start()
    try:
        return sum((await client.end_offsets(list(client.assignment()))).values())
    finally:
        await client.stop()


async def _cut_connections(harness: ServiceHarness) -> None:
    import asyncpg

    admin = await asyncpg.connect(harness.owned.admin_dsn)
    cut = "SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()"
    try:
        pids = [row["pid"] for row in await admin.fetch(cut, harness.owned.name)]

        async def all_are_gone() -> bool:
            return not await admin.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY($1::int[])", pids)

        await eventually(all_are_gone)
    finally:
        await admin.close()


async def test_topics_that_are_kept_by_too_few_brokers_are_named(kafka_server: str, topic: str) -> None:
    """ALL-7. What does not exist is no concern of this: its consumers wait for it."""
    broker = Broker(kafka_server)
    await kafka.require_answer(broker, [topic, "sample.not-there"], replicas=1)
    await kafka.require_answer(broker, ["sample.not-there"], replicas=3)
    await kafka.require_answer(broker, [], replicas=3)
    with pytest.raises(kafka.TooFewReplicas, match=f"{topic} has 1 of the 3 replicas"):
        await kafka.require_answer(broker, [topic, "sample.not-there"], replicas=3)


async def test_a_relay_knows_what_it_writes_to(harness: ServiceHarness, kafka_server: str, topic: str) -> None:
    publishing = relay(harness, kafka_server)
    async with harness.database.transaction([CLINIC], "test") as work:
        work.announce(Word(topic, "key", "word"), subject=uuid4(), sequence=1)
    async with running(publishing):
        await eventually(lambda: _written(publishing), within_seconds=30)
    assert publishing.topics == {topic}


async def _written(publishing: Relay) -> bool:
    return bool(publishing.topics)
