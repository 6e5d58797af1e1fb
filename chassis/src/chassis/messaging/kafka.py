"""Kafka clients with the settings that lose nothing; the only module of the system that makes them."""

from __future__ import annotations

import asyncio
import logging
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError, KafkaError

from chassis.broker import Broker
from chassis.messaging.records import read_whatever_the_headers_are_called
from chassis.tls import refusal

Client = TypeVar("Client", AIOKafkaConsumer, AIOKafkaProducer)

CONNECT_TIMEOUT_MS = 5_000
LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024

# aiokafka logs every rebalance and reconnection at its own taste; what matters is logged by the loops that use it.
logging.getLogger("aiokafka").setLevel(logging.ERROR)


def producer(broker: Broker, client_id: str) -> AIOKafkaProducer:
    """A producer that writes each message once, in order, to all replicas."""
    return AIOKafkaProducer(
        **broker.options(),
        client_id=client_id,
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=256 * 1024,
        max_request_size=LARGEST_MESSAGE_BYTES,
        request_timeout_ms=15_000,
        retry_backoff_ms=100,
        metadata_max_age_ms=60_000,
    )


def consumer(broker: Broker, client_id: str, group: str | None, *topics: str) -> AIOKafkaConsumer:
    """A consumer that starts at the beginning, reads only what is committed, and commits only when told.

    Without a group it is assigned all partitions of the topics it is given.
    """
    read_whatever_the_headers_are_called()
    return AIOKafkaConsumer(
        *topics,
        **broker.options(),
        client_id=client_id,
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
        fetch_max_wait_ms=500,
        fetch_min_bytes=1,
        fetch_max_bytes=16 * 1024 * 1024,
        max_partition_fetch_bytes=LARGEST_MESSAGE_BYTES,
        session_timeout_ms=15_000,
        heartbeat_interval_ms=3_000,
        max_poll_interval_ms=300_000,
        metadata_max_age_ms=60_000,
        retry_backoff_ms=100,
    )


class BrokerUnreachable(KafkaConnectionError):  # type: ignore[misc]
    """No broker lets us in; the text is a sentence that says why, as far as can be told."""

    def __str__(self) -> str:
        return str(self.args[0])


async def started(client: Client, broker: Broker) -> Client:
    """Start a client, or leave nothing of it.

    Raises BrokerUnreachable, where the client itself would only say that nobody answered.
    """
    try:
        await client.start()
    except KafkaConnectionError as fault:
        await client.stop()
        raise BrokerUnreachable(await _why_not(broker) or str(fault)) from fault
    except BaseException:
        await client.stop()
        raise
    return client


async def require_answer(broker: Broker) -> None:
    """See that one of the brokers takes a connection of ours, encrypted and under our name if it is so set.

    Raises BrokerUnreachable.
    """
    reason = await _why_not(broker)
    if reason is not None:
        raise BrokerUnreachable(reason)


async def _why_not(broker: Broker) -> str | None:
    """Why no broker lets us in; None where one does. Each address is tried, and the last one's reason told."""
    reason: str | None = None
    for host, port in broker.addresses():
        try:
            connection = await create_conn(
                host, port, request_timeout_ms=CONNECT_TIMEOUT_MS, client_id="check", **broker.security()
            )
        except (KafkaError, OSError, TimeoutError, asyncio.IncompleteReadError) as fault:
            reason = f"Kafka at {host}:{port}: {_told(fault, broker)}"
        else:
            connection.close()
            return None
    return reason


def _told(fault: BaseException, broker: Broker) -> str:
    if (said := refusal(fault)) is not None:
        return said
    words = str(fault) or type(fault).__name__
    if isinstance(fault, KafkaConnectionError) and broker.protocol == "PLAINTEXT":
        return f"{words}; it may want TLS or a name, which KAFKA_SECURITY_PROTOCOL says"
    return words
