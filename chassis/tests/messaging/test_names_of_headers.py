"""Headers whose names are no text, as clients write them that look at no name: read like any other record."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from chassis.broker import Broker
from chassis.messaging import Subscription, cloudevents, kafka
from chassis.messaging.inbound import Inbound
from chassis.messaging.records import Records
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.trace_context import TraceContext

CLINIC = UUID(int=7)


@pytest.mark.parametrize("compression", [0, 1], ids=["plain", "gzip"])
async def test_a_header_whose_name_is_no_text_stops_nobody(
    harness: ServiceHarness, sample: Any, kafka_server: str, compression: int
) -> None:
    """ALL-7: librdkafka writes any bytes; a consumer that could not read them could never go on."""
    topic, keys = f"sample.{uuid4().hex}", [str(uuid4()) for _ in range(3)]
    await _create(kafka_server, topic)
    for key, name in zip(keys, ("x", NoText("x"), "x"), strict=True):
        await _send_batch(kafka_server, topic, key, name, compression)
    client, read = kafka.consumer(Broker(kafka_server), "test", None, topic), list[Any]()

    async def all_read() -> bool:
        for records in (await client.getmany(timeout_ms=500)).values():
            read.extend(records)
        return len(read) == len(keys)

    await client.start()
    try:
        await eventually(all_read, within_seconds=20)
    finally:
        await client.stop()
    taking = Inbound(topic, harness.database, [Subscription(topic, {"word": sample.handler})])
    assert await taking.take(read) == len(keys)
    assert await sample.marked(*keys) == ["said"] * len(keys)


@pytest.mark.parametrize("compression", [0, 1], ids=["plain", "gzip"])
def test_of_a_batch_with_some_such_headers_each_record_is_read_once(compression: int) -> None:
    batch = _DefaultRecordBatchBuilderPy(2, compression, 0, -1, -1, -1, 16_384)
    for at, name in enumerate(("x", "x", NoText("x"), "x", NoText("x"), "x")):
        batch.append(at, 1, b"key", b"said", [(name, b"1")])
    records = list(Records(bytes(batch.build())).next_batch())
    assert [(record.offset, record.headers[0][0].isascii()) for record in records] == [(at, True) for at in range(6)]
    assert [at for at, record in enumerate(records) if record.headers[0][0] != "x"] == [2, 4]


class NoText(str):
    """A header's name that is written as bytes of no text."""

    __slots__ = ()

    def encode(self, *_: str) -> bytes:  # type: ignore[override]
        return b"\xff\xfe"


async def _create(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        await admin.close()


async def _send_batch(bootstrap: str, topic: str, key: str, name: str, compression: int) -> None:
    """An event with one header more, as a client writes it that looks at no header's name."""
    headers = cloudevents.headers(
        event_id=str(uuid4()),
        source="/test",
        event_type="word",
        subject="thing",
        clinic_id=str(CLINIC),
        sequence=1,
        time=datetime.now(UTC),
        trace=TraceContext(),
    )
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(2, compression, 0, -1, -1, -1, 16_384)
        batch.append(key=key.encode(), value=b"said", timestamp=None, headers=[*headers, (name, b"1")])
        await (await producer.send_batch(batch, topic, partition=0))
    finally:
        await producer.stop()
