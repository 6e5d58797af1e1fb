"""Kafka clients with the settings that lose nothing; the only module of the system that makes them."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.conn import AIOKafkaConnection, create_conn
from aiokafka.errors import (
    AuthenticationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from chassis.broker import Broker
from chassis.database.faults import UNKNOWN_HOST
from chassis.messaging.connections import say_which_connections_are_closed
from chassis.messaging.records import read_whatever_the_headers_are_called, room
from chassis.tls import ENDED_UNSAID, refusal

Client = TypeVar("Client", AIOKafkaConsumer, AIOKafkaProducer)

CONNECT_TIMEOUT_MS = 5_000
_MECHANISM = (UnsupportedSaslMechanismError, IllegalSaslStateError)
_NOT_LET_IN = (AuthenticationFailedError, SaslAuthenticationFailed)
_CUT = (KafkaConnectionError, ConnectionResetError, asyncio.IncompleteReadError)
START_SECONDS = 20.0
STOP_SECONDS = 5.0
LARGEST_MESSAGE_BYTES = 4 * 1024 * 1024

_ending: set[asyncio.Task[None]] = set()
"""Clients that are being stopped; a task that nobody holds may be collected."""

logger = logging.getLogger(__name__)
say_which_connections_are_closed()
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
    return _Consumer(
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


class _Consumer(AIOKafkaConsumer):  # type: ignore[misc]
    """Brings at once what a process bears, whatever it was compressed to; the rest comes when it is asked again."""

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[Any]]:
        with room():
            found: dict[TopicPartition, list[Any]] = await super().getmany(
                *partitions, timeout_ms=timeout_ms, max_records=max_records
            )
        return found


class BrokerUnreachable(KafkaConnectionError):  # type: ignore[misc]
    """No broker lets us in; the text is a sentence that says why, as far as can be told."""

    setting: str | None = None
    """The environment variable that is wrong, where waiting for the broker cannot help."""

    def __str__(self) -> str:
        return str(self.args[0])


class TooFewReplicas(KafkaError):  # type: ignore[misc]
    """A topic has fewer replicas than it is to have: a broker that is lost could take events with it (`ALL-7`)."""

    def __str__(self) -> str:
        return str(self.args[0])


async def started(client: Client, broker: Broker) -> Client:
    """Start a client, or leave nothing of it.

    Raises BrokerUnreachable, where the client itself would only say that nobody answered, or ask for ever.
    """
    try:
        async with asyncio.timeout(START_SECONDS):
            await client.start()
    except (KafkaConnectionError, TimeoutError) as fault:
        await stopped(client)
        reason, setting = await _why_not(broker)
        raise _unreachable(reason or str(fault) or "no answer in time", setting) from fault
    except BaseException:
        await stopped(client)
        raise
    return client


def cut_off(producer: AIOKafkaProducer) -> Coroutine[Any, Any, None]:
    """End a producer at once: what it has not sent is not sent, and no connection of it is left.

    What is given back is to be awaited: its end, which takes a moment, and longer where the broker does not answer.
    Its own `stop` waits until all is sent, however long the broker is away, and sends it then.
    """
    sending = producer._sender.sender_task  # noqa: SLF001 - aiokafka has no other way
    if sending is not None:
        sending.cancel()
    _cut(producer)
    producer.client._conns = _Unused(producer.client._conns)  # noqa: SLF001 - same
    producer._message_accumulator.fail_all(KafkaConnectionError("the producer was dropped"))  # noqa: SLF001 - same
    return _ended(producer, _stop_after(sending, producer))


async def stopped(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Stop a client in order; one that has not stopped in a few seconds is cut off and left to end by itself.

    It is never cancelled: a client whose `stop` is cancelled goes on with what that has not come to, for ever.
    """
    await _ended(client, client.stop())


async def _stop_after(sending: asyncio.Task[None] | None, producer: AIOKafkaProducer) -> None:
    """Stop a producer once its sender has ended: `stop` would cancel that again, and be cancelled with it."""
    if sending is not None:
        await asyncio.wait({sending})
    await producer.stop()


async def _ended(client: AIOKafkaConsumer | AIOKafkaProducer, stopping: Coroutine[Any, Any, None]) -> None:
    ending = asyncio.create_task(stopping)
    _ending.add(ending)
    ending.add_done_callback(_has_ended)
    done, _ = await asyncio.wait({ending}, timeout=STOP_SECONDS)
    if not done:
        _cut(client)


def _cut(client: AIOKafkaConsumer | AIOKafkaProducer) -> None:
    """Cut a client's connections: closed in order, they would wait for a broker that does not answer.

    What the kernel still has of theirs is thrown away, too: it would be sent minutes later, once there is a way again.
    """
    connected = client.client if isinstance(client, AIOKafkaProducer) else client._client  # noqa: SLF001 - same
    for connection in list(connected._conns.values()):  # noqa: SLF001 - same
        if connection._writer is not None:  # noqa: SLF001 - same
            own = connection._writer.get_extra_info("socket")  # noqa: SLF001 - same
            if own is not None and own.fileno() >= 0:
                own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection._writer.transport.abort()  # noqa: SLF001 - same


class _Unused(dict[Any, AIOKafkaConnection]):
    """Connections of a producer that was cut off: one that comes about only now is closed, and nothing sent on it."""

    def __setitem__(self, name: Any, connection: AIOKafkaConnection) -> None:
        connection.close()
        super().__setitem__(name, connection)


def _has_ended(ending: asyncio.Task[None]) -> None:
    _ending.discard(ending)
    if not ending.cancelled() and (fault := ending.exception()) is not None:
        logger.warning("kafka client did not stop in order", extra={"error": type(fault).__name__})


async def require_answer(broker: Broker, topics: Collection[str] = (), replicas: int = 1) -> None:
    """See that one of the brokers takes a connection of ours, encrypted and under our name if it is so set.

    And that those of these topics that exist have so many replicas, in sync or not. Raises BrokerUnreachable,
    TooFewReplicas.
    """
    connection, reason, setting = await _first_connection(broker)
    if connection is None:
        raise _unreachable(reason, setting)
    try:
        if topics and replicas > 1:
            _require_replicas(await _described(connection, sorted(topics)), replicas)
    finally:
        connection.close()


async def _described(connection: AIOKafkaConnection, topics: list[str]) -> Any:
    try:
        return await connection.send(MetadataRequest(topics, allow_auto_topic_creation=False))
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as fault:
        raise BrokerUnreachable(str(fault) or "no answer in time") from fault


def _require_replicas(described: Any, replicas: int) -> None:
    for topic in described.topics:
        name, partitions = topic[1], topic[-1]
        fewest = min((len(partition[3]) for partition in partitions), default=replicas)
        if fewest < replicas:
            raise TooFewReplicas(
                f"{name} has {fewest} of the {replicas} replicas that KAFKA_REPLICATION_FACTOR asks for"
            )


async def _why_not(broker: Broker) -> tuple[str | None, str | None]:
    """Why no broker lets us in, and the setting that is wrong; None where one does."""
    connection, reason, setting = await _first_connection(broker)
    if connection is not None:
        connection.close()
    return reason, setting


def _unreachable(reason: str | None, setting: str | None) -> BrokerUnreachable:
    unreachable = BrokerUnreachable(reason)
    unreachable.setting = setting
    return unreachable


async def _first_connection(broker: Broker) -> tuple[AIOKafkaConnection | None, str | None, str | None]:
    """A connection, or why there is none, and what setting that is of.

    Each address is tried, and the last one's reason told.
    """
    reason: str | None = None
    setting: str | None = None
    for host, port in broker.addresses():
        try:
            connection = await create_conn(
                host, port, request_timeout_ms=CONNECT_TIMEOUT_MS, client_id="check", **broker.security()
            )
        except (KafkaError, OSError, TimeoutError, asyncio.IncompleteReadError) as fault:
            reason = f"Kafka at {host}:{port}: {_told(fault, broker)}"
            setting = _setting_of(fault)
        else:
            return connection, None, None
    return None, reason, setting


def _setting_of(fault: BaseException) -> str | None:
    """What has to be set otherwise, before any broker lets us in."""
    if isinstance(fault, socket.gaierror) and fault.errno in UNKNOWN_HOST:
        return "KAFKA_BOOTSTRAP"
    if isinstance(fault, _MECHANISM):
        return "KAFKA_SASL_MECHANISM"
    return "KAFKA_SASL_PASSWORD" if isinstance(fault, _NOT_LET_IN) else None


def _told(fault: BaseException, broker: Broker) -> str:
    if (said := refusal(fault)) is not None:
        return said
    words = str(fault) or type(fault).__name__
    if isinstance(fault, KafkaConnectionError) and broker.protocol == "PLAINTEXT":
        return f"{words}; it may want TLS or a name, which KAFKA_SECURITY_PROTOCOL says"
    if isinstance(fault, _CUT) and broker.files.certificate is not None:
        return f"{words}; {ENDED_UNSAID}"
    return words
