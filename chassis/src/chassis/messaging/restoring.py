"""After a database was restored to an earlier moment: what the service announced since is with the broker, not in it.

What of that the service can take over, it takes over before anything is read again; the rest is a loss, and said in
figures.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text

from chassis.broker import Broker
from chassis.database.machinery import every_clinic
from chassis.database.transaction import Database, Work
from chassis.messaging import cloudevents, kafka
from chassis.messaging.message import Message

BATCH = 500
FETCH_WAIT_MS = 1_000
ACTOR = "operator:restored"

TakeOver = Callable[[Work, Sequence[Message]], Awaitable[None]]
"""Has the service know again what it announced; the same once more changes nothing."""

_KNOWN = text("SELECT event_id::text FROM outbox WHERE event_id::text = ANY(CAST(:ids AS text[]))")


@dataclass
class Forgotten:
    """Of one type of event: how many the service announced and knows no more, and the sums of their amounts."""

    events: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    """By currency, of what says an amount."""

    def count(self, message: Message) -> None:
        """Count one more."""
        self.events += 1
        said = json.loads(message.data)
        if isinstance(said := said.get("amount"), dict):
            currency = str(said["currency"])
            self.amounts[currency] = self.amounts.get(currency, Decimal(0)) + Decimal(str(said["amount"]))


async def announced_and_forgotten(
    database: Database, broker: Broker, service: str, topic: str, since: datetime, take_over: TakeOver | None = None
) -> dict[str, Forgotten]:
    """What the service wrote to its topic from `since` on and does not have in its outbox, by type of event.

    Each batch of it is taken over in a transaction of its clinics, where the service can. Rows of the outbox are kept
    for days: `since` is at most so long ago, and a moment before the one that was restored.
    """
    found: dict[str, Forgotten] = {}
    async for messages in _written_since(broker, service, topic, since):
        known = await _known(database, messages)
        forgotten = [message for message in messages if message.id not in known]
        for message in forgotten:
            found.setdefault(message.type, Forgotten()).count(message)
        if take_over is not None and forgotten:
            clinics: list[UUID] = sorted({message.clinic_id for message in forgotten})
            async with database.transaction(clinics, ACTOR) as work:
                await take_over(work, forgotten)
    return found


async def _known(database: Database, messages: Sequence[Message]) -> set[str]:
    ids = {"ids": [message.id for message in messages]}
    async with database.reading([]) as connection, every_clinic(connection):
        return set((await connection.execute(_KNOWN, ids)).scalars())


async def _written_since(broker: Broker, service: str, topic: str, since: datetime) -> AsyncIterator[list[Message]]:
    """The service's own events on a topic, in batches, each partition in order, up to what it holds now."""
    client = kafka.consumer(broker, f"{service}-restored", None, topic)
    try:
        await kafka.started(client, broker)
        partitions = sorted(client.assignment())
        ends = await client.end_offsets(partitions)
        starts = await client.offsets_for_times({one: int(since.timestamp() * 1_000) for one in partitions})
        for partition in partitions:
            if starts[partition] is None:
                continue
            client.pause(*(one for one in partitions if one != partition))
            client.resume(partition)
            client.seek(partition, starts[partition].offset)
            while await client.position(partition) < ends[partition]:
                records = (await client.getmany(partition, timeout_ms=FETCH_WAIT_MS, max_records=BATCH)).get(partition)
                if own := _own(service, records or ()):
                    yield own
    finally:
        await kafka.stopped(client)


def _own(service: str, records: Sequence[Any]) -> list[Message]:
    """What of these records is an event of the service's."""
    own = []
    for record in records:
        try:
            message = cloudevents.message_of(record)
        except cloudevents.NotACloudEvent:
            continue
        if message.source == cloudevents.source_of(service):
            own.append(message)
    return own
