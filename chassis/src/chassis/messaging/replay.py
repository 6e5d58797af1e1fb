"""Replay: read a range of a topic again through the same inbox, while live consumers go on undisturbed (`ALL-7`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from chassis.broker import Broker
from chassis.messaging import cloudevents, kafka
from chassis.messaging.delays import Delays
from chassis.messaging.errors import is_transient
from chassis.messaging.inbound import Inbound

BATCH = 500
FETCH_WAIT_MS = 1_000
ATTEMPTS = 18
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.1, 10.0

logger = logging.getLogger(__name__)


async def replay(
    inbound: Inbound,
    broker: Broker,
    topic: str,
    since: datetime,
    until: datetime,
    only: Collection[str] | None = None,
) -> int:
    """Hand in the messages of a topic written from `since` until before `until`; returns how many were read.

    `only` those of some types where they are named; who wants that hands in the others later.

    What the inbox has seen is passed over, so only what was never handled is handled now; what is no event of ours is
    set aside, as a consumer would. Offsets of the group are neither used nor moved. The range ends at what the topic
    holds when the replay starts. Raises a fault of the surroundings that has not gone after two minutes.
    """
    client = kafka.consumer(broker, f"{inbound.consumer}-replay", None, topic)
    try:
        await kafka.started(client, broker)
        partitions = sorted(client.assignment())
        if not partitions:
            raise ValueError(f"there is no topic {topic}")
        ends = await client.end_offsets(partitions)
        starts = await client.offsets_for_times({p: int(since.timestamp() * 1000) for p in partitions})
        read = 0
        for partition in partitions:
            if starts[partition] is not None:
                read += await _replay_partition(
                    inbound, client, partition, range(starts[partition].offset, ends[partition]), until, only
                )
        return read
    finally:
        await kafka.stopped(client)


async def _replay_partition(
    inbound: Inbound,
    client: AIOKafkaConsumer,
    partition: TopicPartition,
    offsets: range,
    until: datetime,
    only: Collection[str] | None,
) -> int:
    others = [p for p in client.assignment() if p != partition]
    client.pause(*others)
    client.resume(partition)
    client.seek(partition, offsets.start)
    read, position = 0, offsets.start
    while position < offsets.stop:
        records = (await client.getmany(partition, timeout_ms=FETCH_WAIT_MS, max_records=BATCH)).get(partition, [])
        if not records:
            position = await client.position(partition)
            continue
        position = records[-1].offset + 1
        wanted = [r for r in records if r.offset < offsets.stop and r.timestamp < until.timestamp() * 1000]
        if only is not None:
            wanted = [r for r in wanted if cloudevents.type_of(r) in only]
        read += await _taken(inbound, wanted)
    return read


async def _taken(inbound: Inbound, records: Sequence[Any]) -> int:
    """Hand records in; a fault of the surroundings is waited out, for what was handled is passed over again."""
    delays = Delays(FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS)
    for _ in range(ATTEMPTS - 1):
        try:
            return await inbound.take(records)
        except Exception as fault:
            if not is_transient(fault):
                raise
            delay = delays.next()
            logger.warning("replay interrupted", extra={"error": type(fault).__name__, "delay_seconds": delay})
            await asyncio.sleep(delay)
    return await inbound.take(records)
