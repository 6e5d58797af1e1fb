"""Kafka clients with the settings that lose nothing; the only module of the system that makes them."""

from __future__ import annotations

import logging

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024

# aiokafka logs every rebalance and reconnection at its own taste; what matters is logged by the loops that use it.
logging.getLogger("aiokafka").setLevel(logging.ERROR)


def producer(bootstrap: str, client_id: str) -> AIOKafkaProducer:
    """A producer that writes each message once, in order, to all replicas."""
    return AIOKafkaProducer(
        bootstrap_servers=bootstrap,
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


def consumer(bootstrap: str, client_id: str, group: str | None, *topics: str) -> AIOKafkaConsumer:
    """A consumer that starts at the beginning, reads only what is committed, and commits only when told.

    Without a group it is assigned all partitions of the topics it is given.
    """
    return AIOKafkaConsumer(
        *topics,
        bootstrap_servers=bootstrap,
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
