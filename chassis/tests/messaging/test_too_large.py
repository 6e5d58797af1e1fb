"""Events that are too large for a topic: refused before anything is changed, and never in another's way (`ALL-4`)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.broker import Broker
from chassis.database import Work, outbox
from chassis.database.machinery import every_clinic
from chassis.database.outbox import LARGEST_EVENT_BYTES, EventTooLarge
from chassis.http.faults import response_to_fault
from chassis.messaging import Subscription, kafka
from chassis.messaging.inbound import Inbound
from chassis.messaging.relay import Relay
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.word import CLINIC, Word
from sqlalchemy import text

TOPIC = "sample.words.v1"


async def test_an_event_that_no_topic_takes_is_refused_before_anything_is_changed(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: the text says which event and what size, and nothing of what it says."""
    key = str(uuid4())
    with pytest.raises(EventTooLarge, match=r"^word would be of \d+ bytes, an event has at most \d+$"):
        async with harness.database.transaction([CLINIC], "test") as work:
            await work.connection.execute(
                text("INSERT INTO marks (clinic_id, key, word) VALUES (:clinic, :key, 'one')"),
                {"clinic": CLINIC, "key": key},
            )
            work.announce(Word(TOPIC, key, "w" * (LARGEST_EVENT_BYTES + 1)), subject=uuid4(), sequence=1)
    assert await sample.marked(key) == []


async def test_a_message_that_leads_to_such_an_event_is_set_aside_with_that_reason(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: it alone; the others of its batch are handled."""

    async def handler(work: Work, messages: Any) -> None:
        await sample.handler(work, messages)
        for message in messages:
            if message.data == b"large":
                work.announce(Word(TOPIC, message.key, "w" * (LARGEST_EVENT_BYTES + 1)), subject=uuid4(), sequence=1)

    large, small = (sample.message(str(uuid4()), word) for word in ("large", "small"))
    inbound = Inbound("sizes", harness.database, [Subscription(TOPIC, {"word": handler})])
    await inbound.handle([large, small])
    assert await sample.letters(large.key, small.key) == [("dead", str(EventTooLarge("word", LARGEST_EVENT_BYTES + 1)))]
    assert await sample.marked(large.key, small.key) == ["small"]


def test_a_request_that_leads_to_such_an_event_is_told_so() -> None:
    """ALL-2."""
    answer = response_to_fault(EventTooLarge("word", LARGEST_EVENT_BYTES + 1))
    assert answer.status_code == 422
    assert b"an event has at most" in bytes(answer.body)


def test_what_may_be_announced_fits_into_a_topic_with_its_headers() -> None:
    assert LARGEST_EVENT_BYTES + 64 * 1024 <= kafka.LARGEST_MESSAGE_BYTES


@pytest.mark.parametrize(("topic_bytes", "event_bytes"), [(4_194_304, 5_000_000), (50_000, 60_000)])
async def test_an_event_that_the_broker_takes_no_more_holds_back_its_own_lane_only(
    harness: ServiceHarness, kafka_server: str, monkeypatch: pytest.MonkeyPatch, topic_bytes: int, event_bytes: int
) -> None:
    """ALL-4: neither another clinic's with the same key nor another key waits for it; the relay says that one does."""
    topic, key, elsewhere = await _topic(kafka_server, topic_bytes), str(uuid4()), uuid4()
    monkeypatch.setattr(outbox, "LARGEST_EVENT_BYTES", 2 * event_bytes)
    words = [
        Word(topic, key, "w" * event_bytes),
        Word(topic, key, "behind"),
        Word(topic, key, "hers", clinic_id=elsewhere),
        Word(topic, str(uuid4()), "other"),
    ]
    async with harness.database.transaction([CLINIC, elsewhere], "test") as work:
        for word in words:
            work.announce(word, subject=uuid4(), sequence=1)
    relay = Relay("sample", harness.database.url, Broker(kafka_server), harness.database.bell)

    async def the_others_are_published() -> bool:
        return await _unpublished(harness, topic) == ["w" * event_bytes, "behind"] and bool(relay.trouble)

    task = asyncio.create_task(relay.run())
    try:
        await eventually(the_others_are_published, within_seconds=30)
        assert relay.trouble == "keys whose next event is larger than the broker takes: 1"
        assert relay.leads
    finally:
        relay.stop()
        await task
        await _drop_unpublished(harness)


async def _topic(bootstrap: str, largest: int) -> str:
    name = f"sample.{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 1, 1, topic_configs={"max.message.bytes": str(largest)})])
    finally:
        await admin.close()
    return name


async def _unpublished(harness: ServiceHarness, topic: str) -> list[str]:
    query = text("SELECT data FROM outbox WHERE topic = :topic AND published_at IS NULL ORDER BY id")
    async with harness.database.reading([]) as connection, every_clinic(connection):
        return [bytes(data).decode() for data in await connection.scalars(query, {"topic": topic})]


async def _drop_unpublished(harness: ServiceHarness) -> None:
    """Else the next relay meets it, too."""
    async with harness.database.transaction([], "test") as work, every_clinic(work.connection):
        await work.connection.execute(text("UPDATE outbox SET published_at = clock_timestamp(), data = ''"))
