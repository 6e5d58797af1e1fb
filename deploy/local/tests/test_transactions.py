"""A transaction of Kafka that nobody ends holds up whoever reads its partitions for as long as the broker lets it."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import InvalidTransactionTimeout, KafkaError
from chassis.broker import Broker
from local_stack.kafka import _SETTINGS, Topics, create_topics

SECONDS_MAX = 60
ABANDONED_MS = 1_000
ROOT = Path(__file__).parents[3]


def test_every_broker_that_is_deployed_ends_them_after_a_minute() -> None:
    """By default it would be a quarter of an hour."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    told = compose["services"]["kafka"]["environment"]["KAFKA_TRANSACTION_MAX_TIMEOUT_MS"]
    assert told == _SETTINGS["transaction.max.timeout.ms"] == str(SECONDS_MAX * 1_000)


async def test_nobody_may_ask_for_longer(kafka_server: str) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka_server, transactional_id=f"long-{uuid4()}", transaction_timeout_ms=900_000
    )
    try:
        with pytest.raises(InvalidTransactionTimeout):
            await producer.start()
    finally:
        await producer.stop()


async def test_what_comes_after_an_abandoned_transaction_is_read_once_the_broker_has_ended_it(
    kafka_server: str,
) -> None:
    """As the services read: what was committed only."""
    topic = f"abandoned-{uuid4()}"
    await create_topics(Broker(kafka_server), Topics((topic,), 1))
    abandoned = AIOKafkaProducer(
        bootstrap_servers=kafka_server, transactional_id=topic, transaction_timeout_ms=ABANDONED_MS
    )
    plain = AIOKafkaProducer(bootstrap_servers=kafka_server)
    reader = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka_server, isolation_level="read_committed", auto_offset_reset="earliest"
    )
    try:
        for client in (abandoned, plain, reader):
            await client.start()
        await abandoned.begin_transaction()
        await abandoned.send_and_wait(topic, b"never committed")
        await plain.send_and_wait(topic, b"of another")
        async with asyncio.timeout(SECONDS_MAX):
            assert (await reader.getone()).value == b"of another"
    finally:
        for client in (reader, plain, abandoned):
            with contextlib.suppress(KafkaError):
                await client.stop()
