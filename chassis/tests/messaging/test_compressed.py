"""Batches however producers compress them: read, and none is read into more than a process may take (`ALL-7`)."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import cramjam
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from chassis.broker import Broker
from chassis.messaging import Subscription, cloudevents, compression, kafka
from chassis.messaging.compression import MOST_BYTES, NotUncompressed, uncompressed
from chassis.messaging.inbound import Inbound
from chassis.messaging.records import Records
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.trace_context import TraceContext

CLINIC = UUID(int=7)
GZIP, SNAPPY, LZ4, ZSTD = 1, 2, 3, 4
COMPRESS: dict[int, Any] = {
    GZIP: gzip.compress,
    SNAPPY: cramjam.snappy.compress_raw,
    LZ4: cramjam.lz4.compress,
    ZSTD: cramjam.zstd.compress,
}
HEAD_BYTES = 61


@pytest.mark.parametrize("compression", ["gzip", "snappy", "lz4", "zstd"])
async def test_what_a_producer_compresses_is_handled(
    harness: ServiceHarness, sample: Any, kafka_server: str, compression: str
) -> None:
    """ALL-7: clients compress as they are set to, and a consumer that cannot read one batch can never go on."""
    topic, keys = f"sample.{uuid4().hex}", [str(uuid4()) for _ in range(3)]
    await create(kafka_server, topic)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_server, compression_type=compression, linger_ms=50)
    await producer.start()
    try:
        for key in keys:
            await producer.send(topic, b"said" * 50, key=key.encode(), headers=headers_of())
    finally:
        await producer.stop()
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
    assert await sample.marked(*keys) == ["said" * 50] * len(keys)


@pytest.mark.parametrize("codec", COMPRESS)
async def test_a_batch_that_holds_too_much_is_set_aside_and_the_next_is_read(
    harness: ServiceHarness, sample: Any, codec: int
) -> None:
    """ALL-7: a few kilobytes that become a gigabyte would end every process that reads them, again and again."""
    key = str(uuid4())
    bomb = batch(codec, bytes(COMPRESS[codec](bytes(MOST_BYTES + 1))), records=500, first=10)
    assert len(bomb) < MOST_BYTES / 10
    records = read(bomb + batch(0, plain(key, b"after"), records=1, first=510))
    assert [record.offset for record in records] == [509, 510]
    topic = f"sample.{uuid4().hex}"
    taking = Inbound(topic, harness.database, [Subscription(topic, {"word": sample.handler})])
    assert await taking.take([Given(topic, record) for record in records]) == 2
    assert await sample.marked(key) == ["after"]
    (letter,) = [row for row in await harness.set_aside() if row.topic == topic]
    assert letter.reason == "a batch of 500 cannot be read: what it is compressed to is broken or too large"
    assert letter.state == "dead"


@pytest.mark.parametrize("codec", COMPRESS)
def test_what_is_broken_or_cut_short_is_said_to_be_so(codec: int) -> None:
    whole = bytes(COMPRESS[codec](b"some words" * 100))
    assert uncompressed(whole, codec) == b"some words" * 100
    for broken in (whole[:-1], whole[:5], b"?" + whole):
        with pytest.raises(NotUncompressed):
            uncompressed(broken, codec)


async def test_many_batches_that_each_hold_nearly_too_much_are_read_some_at_a_time(
    harness: ServiceHarness, sample: Any, kafka_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALL-7: two hundred of a few kilobytes each would be six gigabytes at once, of one partition or of several."""
    monkeypatch.setattr(compression, "MOST_BYTES", 100_000)
    topic, said, count = f"sample.{uuid4().hex}", [str(uuid4()) for _ in range(2)], 8
    await create(kafka_server, topic, partitions=2)
    producer = AIOKafkaProducer(bootstrap_servers=kafka_server, compression_type="zstd")
    await producer.start()
    try:
        for partition, key in enumerate(said):
            for _ in range(count):  # each waits for the one before, as several would be one batch
                await producer.send_and_wait(topic, bytes(90_000), partition=partition)
            await producer.send_and_wait(topic, b"after", key=key.encode(), headers=headers_of(), partition=partition)
    finally:
        await producer.stop()
    client, read = kafka.consumer(Broker(kafka_server), "test", None, topic), list[list[Any]]()

    async def all_read() -> bool:
        fetched = (await client.getmany(timeout_ms=500, max_records=500)).values()
        read.append([record for records in fetched for record in records])
        return sum(map(len, read)) == 2 * (count + 1)

    await client.start()
    try:
        await eventually(all_read, within_seconds=20)
    finally:
        await client.stop()
    assert max(sum(len(record.value) for record in together) for together in read) < 2 * compression.MOST_BYTES
    handed = [record for together in read for record in together]
    for partition in (0, 1):
        offsets = [record.offset for record in handed if record.partition == partition]
        assert offsets == list(range(count + 1))
    taking = Inbound(topic, harness.database, [Subscription(topic, {"word": sample.handler})])
    for together in read:
        await taking.take(together)
    assert await sample.marked(*said) == ["after"] * len(said)


def test_a_batch_of_many_that_hold_nothing_is_read_one_after_the_other() -> None:
    """ALL-7: nearly five million fit into what a batch may hold, and would be 740 MiB in a list."""
    many = 100_000
    nothing = b"".join(b"\x0c\0\0\0\x01\x01\0" for _ in range(many))
    records = Records(batch(0, nothing, records=many, first=0))
    tracemalloc.start()
    try:
        assert sum(1 for _ in records.next_batch()) == many
        assert tracemalloc.get_traced_memory()[1] < 4 * len(nothing)
    finally:
        tracemalloc.stop()


def test_a_codec_that_kafka_does_not_know_is_said_to_be_so() -> None:
    (stand_in,) = read(batch(5, b"whatever", records=1, first=0))
    assert stand_in.headers[0][1] == b"a batch of 1 cannot be read: it is compressed by what Kafka does not know"


def test_snappy_in_blocks_is_read_and_bounded_as_a_whole() -> None:
    """Java's clients write it so."""
    head = b"\x82SNAPPY\x00" + (1).to_bytes(4, "big") * 2
    block = bytes(cramjam.snappy.compress_raw(bytes(MOST_BYTES // 4)))
    framed = len(block).to_bytes(4, "big") + block
    assert len(uncompressed(head + framed * 4, SNAPPY)) == MOST_BYTES
    with pytest.raises(NotUncompressed):
        uncompressed(head + framed * 5, SNAPPY)


def test_gzip_of_several_members_is_read_and_bounded_as_a_whole() -> None:
    member = gzip.compress(bytes(MOST_BYTES // 2))
    assert len(uncompressed(member * 2, GZIP)) == MOST_BYTES
    with pytest.raises(NotUncompressed):
        uncompressed(member * 3, GZIP)
    assert zlib.decompress(member, 31) == bytes(MOST_BYTES // 2)


class Given:
    """A record as aiokafka's fetcher hands it over."""

    def __init__(self, topic: str, read_: Any) -> None:
        self.topic, self.partition, self.offset = topic, 0, read_.offset
        self.key, self.value, self.headers, self.timestamp = read_.key, read_.value, read_.headers, read_.timestamp


async def create(bootstrap: str, topic: str, partitions: int = 1) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, partitions, 1)])
    finally:
        await admin.close()


def headers_of() -> list[tuple[str, bytes]]:
    return cloudevents.headers(
        event_id=str(uuid4()),
        source="/test",
        event_type="word",
        subject="thing",
        clinic_id=str(CLINIC),
        sequence=1,
        time=datetime.now(UTC),
        trace=TraceContext(),
    )


def plain(key: str, value: bytes) -> bytes:
    """The records of a batch, uncompressed."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 16_384)
    builder.append(0, 1_795_000_000_000, key.encode(), value, headers_of())
    return bytes(builder.build()[HEAD_BYTES:])


def batch(codec: int, payload: bytes, *, records: int, first: int) -> bytes:
    """A batch whose records are this, as a broker keeps it; who reads it here looks at no checksum."""
    numbers = (
        (first, 8),
        (HEAD_BYTES - 12 + len(payload), 4),
        *((0, 4), (2, 1), (0, 4)),
        *((codec, 2), (records - 1, 4)),
        *((1_795_000_000_000, 8), (1_795_000_000_000, 8)),
        *((-1, 8), (-1, 2), (-1, 4), (records, 4)),
    )
    return b"".join(number.to_bytes(size, "big", signed=True) for number, size in numbers) + payload


def read(fetched: bytes) -> list[Any]:
    records, found = Records(fetched), list[Any]()
    while records.has_next():
        found.extend(records.next_batch())
    return found
