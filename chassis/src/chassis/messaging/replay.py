"""Replay: read a range of a topic again through the same inbox, while live consumers go on undisturbed (`ALL-7`)."""

from __future__ import annotations

from datetime import datetime

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.messaging import cloudevents, kafka
from chassis.messaging.inbound import Inbound
from chassis.messaging.message import Message

BATCH = 500
FETCH_WAIT_MS = 1_000


async def replay(inbound: Inbound, bootstrap: str, topic: str, since: datetime, until: datetime) -> int:
    """Hand in the messages of a topic written from `since` until before `until`; returns how many were read.

    What the inbox has seen is passed over, so only what was never handled is handled now. Offsets of the group are
    neither used nor moved. The range ends at what the topic holds when the replay starts.
    """
    client = kafka.consumer(bootstrap, f"{inbound.consumer}-replay", None, topic)
    await client.start()
    try:
        partitions = sorted(client.assignment())
        if not partitions:
            raise ValueError(f"there is no topic {topic}")
        ends = await client.end_offsets(partitions)
        starts = await client.offsets_for_times({p: int(since.timestamp() * 1000) for p in partitions})
        read = 0
        for partition in partitions:
            if starts[partition] is not None:
                read += await _replay_partition(
                    inbound, client, partition, starts[partition].offset, ends[partition], until
                )
        return read
    finally:
        await client.stop()


async def _replay_partition(
    inbound: Inbound, client: AIOKafkaConsumer, partition: TopicPartition, start: int, end: int, until: datetime
) -> int:
    others = [p for p in client.assignment() if p != partition]
    client.pause(*others)
    client.resume(partition)
    client.seek(partition, start)
    read, position = 0, start
    while position < end:
        records = (await client.getmany(partition, timeout_ms=FETCH_WAIT_MS, max_records=BATCH)).get(partition, [])
        if not records:
            position = await client.position(partition)
            continue
        position = records[-1].offset + 1
        wanted = [r for r in records if r.offset < end and r.timestamp < until.timestamp() * 1000]
        messages: list[Message] = [
            cloudevents.message_of(r) for r in wanted if inbound.listens_to(r.topic, cloudevents.type_of(r))
        ]
        if messages:
            await inbound.handle(messages)
        read += len(messages)
    return read
