"""The relay: publishes the outbox in order, one relay per service at a time, and marks rows after the broker's ack."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from time import monotonic
from typing import Any

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from opentelemetry import metrics
from opentelemetry.trace import Span

from chassis.broker import Broker
from chassis.database import outbox
from chassis.database.bell import Bell
from chassis.database.faults import DATABASE_FAULTS, ReadOnly
from chassis.database.lease import Lease
from chassis.database.machinery import SEE_ALL
from chassis.messaging import cloudevents, kafka
from chassis.messaging.delays import Delays
from chassis.messaging.errors import reason_of_interruption
from chassis.messaging.message import Lane
from chassis.messaging.tracing import start_send
from chassis.trace_context import TraceContext, trace_of

BATCH = 500
POLL_SECONDS = 0.25
ACK_TIMEOUT_SECONDS = 15.0
"""Then the lease is given back: another worker may have a way to the broker."""
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.1, 10.0
ASKED_AGAIN_SECONDS = 1.0
"""How often a relay that does not lead asks whether it may."""
LEFT_TO_OTHERS_SECONDS = 2 * ASKED_AGAIN_SECONDS
"""At least so long a relay that gave the lease back leaves it: whoever else there is has asked for it by then."""
HELD_BACK_SECONDS = 60.0
"""How long a lane waits whose next event is larger than the broker takes; then that is tried again."""

logger = logging.getLogger(__name__)
_meter = metrics.get_meter("chassis.messaging")
_sent = _meter.create_counter("messaging.client.sent.messages", unit="{message}")

_UNPUBLISHED = """
SELECT id, event_id, topic, key, type, subject, clinic_id, sequence, time, data, traceparent, tracestate,
       current_setting('transaction_read_only') = 'on' AS read_only
  FROM outbox
 WHERE published_at IS NULL AND (clinic_id, key) NOT IN (SELECT * FROM unnest($2::uuid[], $3::text[]))
 ORDER BY id LIMIT $1
"""


class Relay:
    """Publishes one service's outbox for as long as it holds the lease.

    Rows are read and marked through the very connection that holds the lease: a relay that lost it can mark nothing,
    and drops what it has not sent yet, before the server lets another one in. It may then have published a batch that
    its successor publishes again, in the same order; consumers know each event by its id (`ALL-7`).

    An event that the broker takes no more (its limit was lowered) holds back its own clinic and key, and nobody else
    (`ALL-4`); `trouble` says so.
    """

    def __init__(self, service: str, url: str, broker: Broker, bell: Bell) -> None:
        self._service = service
        self._broker = broker
        self._lease = Lease(url, f"{service}-relay")
        self._rung = bell.waiting(outbox.BELL)
        self._producer: AIOKafkaProducer | None = None
        self._stopping = asyncio.Event()
        self._held_back: dict[Lane, float] = {}
        self.trouble: str | None = "it has not begun yet"
        """What keeps it from publishing at the moment; None where nothing does."""
        self.topics: set[str] = set()
        """What it has written to so far."""

    @property
    def leads(self) -> bool:
        """Whether it is the one that publishes."""
        return self._lease.held

    async def run(self) -> None:
        """Publish until stopped; a fault of the broker or the database delays, it never ends the relay."""
        delays = Delays(FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS)
        while not self._stopping.is_set():
            try:
                await self._publish_while_leading()
            except (KafkaError, *DATABASE_FAULTS) as fault:
                delay = delays.next() if not self.leads else max(delays.next(), LEFT_TO_OTHERS_SECONDS)
                self.trouble = reason_of_interruption(fault)
                logger.warning("relay interrupted", extra={"error": self.trouble, "delay_seconds": delay})
                await self._let_go()
                await self._pause(delay)
        await self._let_go()

    def stop(self) -> None:
        """End after the batch in work; what is left is published by the next relay."""
        self._stopping.set()
        self._rung.set()

    async def _publish_while_leading(self) -> None:
        if not await self._lease.take(f"relay:{self._service}"):
            self.trouble = None
            await self._pause(ASKED_AGAIN_SECONDS)
            return
        await self._lease.connection().execute(SEE_ALL)
        while not self._stopping.is_set():
            self._rung.clear()
            published = await self.publish_batch()
            self.trouble = self._of_those_held_back()
            if published < BATCH:
                await self._wait_for_ring()

    async def publish_batch(self) -> int:
        """Publish what is next, at most BATCH rows; returns how many rows were found. Raises KafkaError."""
        connection = self._lease.connection()
        self._held_back = {lane: until for lane, until in self._held_back.items() if until > monotonic()}
        clinics, keys = [clinic for clinic, _ in self._held_back], [key for _, key in self._held_back]
        rows = await connection.fetch(_UNPUBLISHED, BATCH, clinics, keys)
        if not rows:
            return 0
        if rows[0]["read_only"]:
            raise ReadOnly("the database takes no writes")
        sent, fault = await self._lease.hold(self._send_in_time(rows))
        if sent:
            await connection.execute(outbox.MARK_PUBLISHED, sent)
            _sent.add(len(sent), {"messaging.system": "kafka", "service": self._service})
        if fault is not None:
            raise fault
        return len(rows)

    async def _send_in_time(self, rows: Sequence[asyncpg.Record]) -> tuple[list[int], BaseException | None]:
        """What was acknowledged in time is marked, whatever else was not: it is not to go again.

        How long a producer may take to start is bounded by itself: a busy broker lets it in late, and then takes all.
        """
        producer = await self._started_producer()
        return await self._send_all(producer, rows, asyncio.get_running_loop().time() + ACK_TIMEOUT_SECONDS)

    async def _send_all(
        self, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record], until: float
    ) -> tuple[list[int], BaseException | None]:
        """Send the rows in order; after one that fails, later ones of its lane are not marked, so they go again."""
        pending: list[tuple[asyncpg.Record, Span, Any]] = []
        faults: list[tuple[asyncpg.Record, BaseException]] = []
        unsent: set[Lane] = set()
        for row in rows:
            if _lane_of(row) in unsent:
                continue
            span = start_send(row["topic"], row["type"], TraceContext(row["traceparent"], row["tracestate"]))
            try:
                async with asyncio.timeout_at(until):
                    pending.append((row, span, await self._send(producer, row, span)))
            except (KafkaError, TimeoutError) as error:
                span.end()
                unsent.add(_lane_of(row))
                faults.append((row, error))
        sent: list[int] = []
        blocked: set[Lane] = set()  # those before one that was not sent are marked, where they were acknowledged
        results = await _answers_of([future for _, _, future in pending], until)
        for (row, span, _), result in zip(pending, results, strict=True):
            span.end()
            if result is not None:
                blocked.add(_lane_of(row))
                faults.append((row, result))
            elif _lane_of(row) not in blocked:
                sent.append(row["id"])
        self._hold_back([row for row, fault in faults if isinstance(fault, MessageSizeTooLargeError)])
        others = [fault for _, fault in faults if not isinstance(fault, MessageSizeTooLargeError)]
        return sent, others[-1] if others else None

    def _hold_back(self, refused: Sequence[asyncpg.Record]) -> None:
        """Let the largest of what was refused for its size wait: a batch is refused whole, for what is in it."""
        if not refused:
            return
        largest = max(refused, key=lambda row: len(row["data"]))
        self._held_back[_lane_of(largest)] = monotonic() + HELD_BACK_SECONDS
        logger.error(
            "event is larger than the broker takes",
            extra={"event_id": str(largest["event_id"]), "event_type": largest["type"], "bytes": len(largest["data"])},
        )

    def _of_those_held_back(self) -> str | None:
        lanes = len(self._held_back)
        return f"keys whose next event is larger than the broker takes: {lanes}" if lanes else None

    async def _send(self, producer: AIOKafkaProducer, row: asyncpg.Record, span: Span) -> Any:
        own = trace_of(span)
        headers = cloudevents.headers(
            event_id=str(row["event_id"]),
            source=cloudevents.source_of(self._service),
            event_type=row["type"],
            subject=str(row["subject"]),
            clinic_id=str(row["clinic_id"]),
            sequence=row["sequence"],
            time=row["time"],
            trace=own if own.traceparent else TraceContext(row["traceparent"], row["tracestate"]),
        )
        self.topics.add(row["topic"])
        return await producer.send(row["topic"], value=row["data"], key=row["key"].encode(), headers=headers)

    async def _started_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            fresh = kafka.producer(self._broker, f"{self._service}-relay")
            self._producer = await kafka.started(fresh, self._broker)
        return self._producer

    async def _let_go(self) -> None:
        """Drop producer and lease: an idempotent producer may stay broken after a blip, a fresh one does not.

        The producer is cut off first, and its end not waited for: it may take long where the broker does not answer.
        """
        producer, self._producer = self._producer, None
        ending = kafka.cut_off(producer) if producer is not None else None
        await self._lease.close()
        if ending is not None:
            await ending

    async def _wait_for_ring(self) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self._rung.wait()
        except TimeoutError:
            return

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return


async def _answers_of(futures: Sequence[asyncio.Future[Any]], until: float) -> list[BaseException | None]:
    """What became of each: nothing where the broker acknowledged it, else the fault; TimeoutError without an answer."""
    try:
        if futures:
            await asyncio.wait(futures, timeout=max(0.0, until - asyncio.get_running_loop().time()))
    finally:
        for future in futures:
            future.cancel()
    return [TimeoutError() if future.cancelled() else future.exception() for future in futures]


def _lane_of(row: asyncpg.Record) -> Lane:
    return row["clinic_id"], row["key"]
