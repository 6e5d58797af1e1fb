"""Whatever lies in a topic that a service listens to: handled, set aside or passed over, and counted (`ALL-7`).

Real events of two clinics are spoilt in their bytes, headers, keys and members and sent through a real Kafka to the
service's own consumer. `ANY_MESSAGE=5000` sends so many records to each service, each run others; without it a few
hundred, the same every time.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError
from any_record import CLINICS, AnyRecord, Dice, any_record, event
from chassis.broker import Broker
from chassis.database.machinery import every_clinic
from chassis.messaging import Subscription, inbound, kafka
from chassis.messaging.consumer import Consumer
from chassis.messaging.inbound import Inbound
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
RECORDS = int(os.environ.get("ANY_MESSAGE", "240"))
BATCH = 60
PARTITIONS = 3
LETTERS = text('SELECT topic, partition, "offset", clinic_id, state, event_id FROM dead_letters WHERE consumer = :one')
HANDLED = text("SELECT event_id FROM inbox WHERE consumer = :one")
Place = tuple[str, int, int]


class Tally:
    """Stands for the counter of what was passed over."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def add(self, amount: int, attributes: dict[str, Any]) -> None:
        self.counted[attributes["topic"]] += amount


class Line:
    """A service's consumer on topics of its own, and everything that was sent to it."""

    def __init__(self, harness: ServiceHarness, examples: list[dict[str, Any]], group: str, bootstrap: str) -> None:
        self.harness = harness
        self.examples = examples
        self.group = group
        self.topics = {
            subscription.topic: f"{subscription.topic}.{group}" for subscription in harness.service.subscriptions
        }
        self.passed_over = Tally()
        self.sent: dict[Place, AnyRecord] = {}
        renamed = [
            Subscription(self.topics[subscription.topic], subscription.handlers)
            for subscription in harness.service.subscriptions
        ]
        taking, broker = Inbound(group, harness.database, renamed), Broker(bootstrap)
        self.consumer = Consumer(taking, broker, client_id="any", batch=BATCH)
        self.admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
        self.producer = kafka.producer(broker, "anybody")

    @asynccontextmanager
    async def started(self) -> AsyncIterator[None]:
        """Consume until the end."""
        await self.admin.start()
        await self.admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in self.topics.values()])
        await self.producer.start()
        self.running = asyncio.create_task(self.consumer.run())
        try:
            yield
        finally:
            self.consumer.stop()
            await self.producer.stop()
            await self.admin.close()
            await asyncio.wait([self.running])

    async def send(self, records: Sequence[AnyRecord]) -> None:
        """Send records and wait until the consumer has committed all of them."""
        written = [
            await self.producer.send(
                self.topics[record.topic], record.value, key=record.key, headers=list(record.headers)
            )
            for record in records
        ]
        for record, answer in zip(records, await asyncio.gather(*written), strict=True):
            self.sent[answer.topic, answer.partition, answer.offset] = record
        await eventually(self._all_committed, within_seconds=120)

    async def _all_committed(self) -> bool:
        if self.running.done():
            await self.running
        try:
            committed = await self.admin.list_consumer_group_offsets(self.group)
        except KafkaError:  # nobody keeps its offsets yet
            return False
        ends = {TopicPartition(topic, partition): offset + 1 for topic, partition, offset in sorted(self.sent)}
        return all(partition in committed and committed[partition].offset == end for partition, end in ends.items())

    async def outcomes(self) -> tuple[dict[Place, Any], set[str]]:
        """What is set aside by its place, and the ids of what was handled."""
        async with self.harness.database.reading([]) as connection, every_clinic(connection):
            letters = (await connection.execute(LETTERS, {"one": self.group})).all()
            handled = set((await connection.scalars(HANDLED, {"one": self.group})).all())
        return {(row.topic, row.partition, row.offset): row for row in letters}, handled


@pytest.fixture(scope="module")
def examples(service: Any) -> list[dict[str, Any]]:
    """The golden examples of every topic that the service listens to, of types that it does not listen to, too."""
    topics = {subscription.topic for subscription in service.subscriptions}
    read = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(EXAMPLES.glob("*.json"))]
    return [example for example in read if example["topic"] in topics]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def line(harness: ServiceHarness, examples: list[dict[str, Any]], kafka_server: str) -> AsyncIterator[Line]:
    """The service's consumer, running; both clinics have what the golden examples are about."""
    line = Line(harness, examples, f"any-{uuid4().hex}", kafka_server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inbound, "_passed_over", line.passed_over)
        async with line.started():
            in_order = sorted(examples, key=lambda example: str(example["headers"]["ce_time"]))
            await line.send([event(example, clinic_id) for clinic_id in CLINICS for example in in_order])
            yield line


@settings(
    max_examples=max(1, RECORDS // BATCH),
    deadline=None,
    derandomize="ANY_MESSAGE" not in os.environ,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(number=st.integers(0, 2**64 - 1))
async def test_every_record_is_handled_set_aside_or_passed_over_and_counted(line: Line, number: int) -> None:
    """ALL-7, ALL-4: the sum of the three is what was sent, and each is its own clinic's."""
    dice = Dice(number)
    records = [any_record(dice, line.examples) for _ in range(BATCH - 2)]
    await line.send([*records, records[0], records[1]])
    letters, handled = await line.outcomes()
    vanished = {
        place: record
        for place, record in line.sent.items()
        if place not in letters and not (_heard(line.harness, record) and _is_among(record, handled, letters))
    }
    assert len(vanished) == line.passed_over.counted.total()
    for record in vanished.values():
        assert not _heard(line.harness, record), record.changes
    for place, letter in letters.items():
        record = line.sent[place]
        assert letter.clinic_id in (None, *_clinics_named(record)), record.changes
    for place, record in line.sent.items():
        if record.misleading and place not in vanished:
            assert letters[place].state == "dead", record.changes


async def test_real_events_are_handled_in_both_modes(line: Line) -> None:
    """The other side of it: what is not spoilt does not end among what is set aside."""
    real = [event(example, clinic_id, str(uuid4()).encode()) for example in line.examples for clinic_id in CLINICS]
    heard = [one for one in real if _heard(line.harness, one)]
    await line.send(heard)
    letters, handled = await line.outcomes()
    dead = {place: row for place, row in letters.items() if row.state == "dead"}
    assert len([one for one in heard if _is_among(one, handled, {})]) >= 5
    assert not [one.types() for one in heard if _is_among(one, set(), dead)]


def _is_among(record: AnyRecord, handled: set[str], letters: dict[Place, Any]) -> bool:
    """By its id: what is delivered twice is handled once, and kept once."""
    ids = handled | {row.event_id for row in letters.values()}
    return bool(record.ids() & {id_.partition(" ")[0] for id_ in ids})


def _clinics_named(record: AnyRecord) -> list[Any]:
    everything = b"".join([record.value or b"", *(value for _, value in record.headers)]).lower()
    return [id_ for id_ in CLINICS if str(id_).encode() in everything or id_.hex.encode() in everything]


def _heard(harness: ServiceHarness, record: AnyRecord) -> bool:
    """Whether anybody could read from it a type that the service listens to."""
    listened = {
        name
        for subscription in harness.service.subscriptions
        if subscription.topic == record.topic
        for name in subscription.handlers
    }
    return bool(record.types() & listened)
