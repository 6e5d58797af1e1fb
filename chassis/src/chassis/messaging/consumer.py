"""The consumer: takes batches from Kafka, hands them in, and commits offsets only after the database has committed.

aiokafka rebalances in a task of its own while a batch is in work. So one lock is held around handling and committing,
never across the fetch, and the rebalance waits for it: a partition is given away only between batches.

A process whose way to the database alone is gone leaves its partitions to others, until the database answers it again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from time import monotonic
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, KafkaError

from chassis.broker import Broker
from chassis.messaging import kafka
from chassis.messaging.delays import IN_VAIN_MAX, Delays
from chassis.messaging.errors import is_transient, reason_of_interruption
from chassis.messaging.inbound import Inbound

FETCH_WAIT_MS = 250
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.1, 30.0
LEAVE_SECONDS = 10.0
"""A batch that was interrupted, for so long without a transaction, is left to whoever has a way to the database."""
ASK_SECONDS = 2.0
RETRY_POLL_SECONDS = 0.1
RETRY_IDLE_SECONDS = 5.0

logger = logging.getLogger(__name__)


class _BetweenBatches(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, working: asyncio.Lock) -> None:
        self._working = working

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        async with self._working:
            logger.info("partitions revoked", extra={"partitions": len(list(revoked))})

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        logger.info("partitions assigned", extra={"partitions": len(list(assigned))})


class Consumer:
    """A service's consumer group member: runs until stopped, whatever becomes of broker and database meanwhile."""

    def __init__(self, inbound: Inbound, broker: Broker, *, client_id: str, batch: int) -> None:
        self._inbound = inbound
        self._broker = broker
        self._client_id = client_id
        self._batch = batch
        self._working = asyncio.Lock()
        self._stopping = asyncio.Event()
        self._started_batch: float | None = None
        self._cut_off: str | None = None
        self._interrupted: tuple[float, str] | None = None
        self._in_vain = 0
        """How often in a row a batch was interrupted though the database had given it a transaction."""

    @property
    def trouble(self) -> str | None:
        """What keeps it from consuming at the moment; None where nothing does, or the database answers again.

        A batch that was interrupted may be large, and take long on a machine that is busy: that it is in work again is
        known from the first transaction that the database gives it, not from its last one, but where that came to
        nothing again and again. Of the broker that says nothing: messages that wait are tried while it is away.
        """
        if self._cut_off is not None:
            return self._cut_off
        if self._interrupted is None:
            return None
        if self._inbound.given > self._interrupted[0] and self._in_vain < IN_VAIN_MAX:
            return None
        return self._interrupted[1]

    @property
    def seconds_in_work(self) -> float:
        """How long a batch has been in work without a new transaction of it being begun.

        A wedged handler keeps its membership, so somebody must look at this.
        """
        return 0.0 if self._started_batch is None else monotonic() - max(self._started_batch, self._inbound.began)

    async def run(self) -> None:
        """Consume until stopped. Raises what is neither broker's, database's nor a message's fault, and ends."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_consuming(), name="consume")
            group.create_task(self._retry_waiting(), name="retry-waiting")

    def stop(self) -> None:
        """End after the batch in work; what was fetched and not handled is fetched again by whoever comes next."""
        self._stopping.set()

    def interrupt(self, fault: BaseException) -> str:
        """Keep what interrupted a batch, and since when; returns it in words that hold nobody's data."""
        reason = reason_of_interruption(fault)
        if self._inbound.given > (self._interrupted[0] if self._interrupted is not None else 0.0):
            self._in_vain += 1
        self._interrupted = monotonic(), reason
        return reason

    def _get_on(self) -> None:
        self._interrupted, self._in_vain = None, 0

    async def _keep_consuming(self) -> None:
        delays = Delays(FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS)
        while not self._stopping.is_set():
            try:
                await self._consume()
                await self._wait_for_database()
            except (KafkaError, OSError, TimeoutError) as fault:
                self._cut_off = reason_of_interruption(fault)
                logger.warning("consumer interrupted", extra={"error": self._cut_off})
                await self._pause(delays.next())

    async def _consume(self) -> None:
        client = kafka.consumer(self._broker, self._client_id, group=self._inbound.consumer)
        client.subscribe(self._inbound.topics, listener=_BetweenBatches(self._working))
        try:
            await kafka.started(client, self._broker)
            self._cut_off = None
            self._get_on()
            while not self._stopping.is_set():
                fetched = await client.getmany(timeout_ms=FETCH_WAIT_MS, max_records=self._batch)
                if fetched and not await self._work_off(client, fetched):
                    logger.warning("partitions left to others", extra={"error": self.trouble})
                    return
        finally:
            await kafka.stopped(client)

    async def _wait_for_database(self) -> None:
        while not self._stopping.is_set() and not await self._database_answers():
            await self._pause(ASK_SECONDS)

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                await self._inbound.ask()
        except Exception as error:
            if not is_transient(error):
                raise
            return False
        return True

    async def _work_off(self, client: AIOKafkaConsumer, fetched: dict[TopicPartition, list[Any]]) -> bool:
        """Handle what was fetched; on a fault of the surroundings wait, with growing delays, and try again.

        Returns whether to go on: not where the database gives no transaction at all for a while.
        """
        begun, delays = monotonic(), Delays(FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS)
        while fetched and not self._stopping.is_set():
            async with self._working:
                self._started_batch = monotonic()
                try:
                    fault = await self._handle_and_commit(client, fetched)
                finally:
                    self._started_batch = None
            if fault is None:
                self._get_on()
                return True
            delay = delays.next()
            logger.warning("batch interrupted", extra={"error": self.interrupt(fault), "delay_seconds": delay})
            if monotonic() - max(begun, self._inbound.given) > LEAVE_SECONDS and not await self._database_answers():
                return False
            await self._pause(delay)
        return True

    async def _handle_and_commit(
        self, client: AIOKafkaConsumer, fetched: dict[TopicPartition, list[Any]]
    ) -> BaseException | None:
        """Handle topic after topic, taking each out of `fetched`; returns the fault that interrupted it."""
        done: dict[TopicPartition, int] = {}
        fault: BaseException | None = None
        for topic in sorted({partition.topic for partition in fetched}, key=self._inbound.place):
            given = sorted(partition for partition in fetched if partition.topic == topic)
            held = [partition for partition in given if partition in client.assignment()]
            try:
                await self._inbound.take([record for partition in held for record in fetched[partition]])
            except Exception as error:
                if not is_transient(error):
                    raise
                fault = error
                break
            done |= {partition: fetched[partition][-1].offset + 1 for partition in held}
            for partition in given:
                del fetched[partition]
        if done:
            await self._commit(client, done)
        return fault

    async def _commit(self, client: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
        try:
            await client.commit(offsets)
        except CommitFailedError:
            # The group moved on without us. What was handled is in the inbox, so being given it again costs nothing.
            logger.info("offsets not committed", extra={"partitions": len(offsets)})

    async def _retry_waiting(self) -> None:
        idle_since = monotonic()
        while not self._stopping.is_set():
            due = self._inbound.may_have_waiting or monotonic() - idle_since > RETRY_IDLE_SECONDS
            if due:
                idle_since = monotonic()
                try:
                    if await self._inbound.retry_waiting():
                        continue
                except Exception as error:
                    if not is_transient(error):
                        raise
                    await self._pause(1.0)
            await self._pause(RETRY_POLL_SECONDS)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
