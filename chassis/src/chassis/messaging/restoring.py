"""After a database was restored to an earlier moment: what the service announced since is with the broker, not in it.

What of that the service can take over, it takes over before anything is read again, and it numbers nothing as it had
numbered what it knows no more; the rest is a loss, and is said one by one and in figures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy import text

from chassis.broker import Broker
from chassis.database.machinery import every_clinic
from chassis.database.numbering import LostNumbers
from chassis.database.transaction import Database, Work
from chassis.messaging import cloudevents, kafka
from chassis.messaging.inbound import Inbound
from chassis.messaging.message import Message
from chassis.messaging.replay import replay

BATCH = 500
FETCH_WAIT_MS = 1_000
ACTOR = "operator:restored"

TakeOver = Callable[[Work, Sequence[Message]], Awaitable[None]]
"""Has the service know again what it announced; the same once more changes nothing."""
SkipNumbers = Callable[[Work, Sequence[Message]], Awaitable[list[LostNumbers]]]
"""Has the service number its documents above those that it announced; the same once more changes nothing."""


class RecordAgain(Protocol):
    """Has the service make again what it announced, and nothing twice."""

    async def __call__(self, work: Work, announced: Sequence[Message], /, *, heard: bool) -> Collection[str]:
        """The ids of those that it knows now. `heard` says that all was heard again, and had its consequences."""


_KNOWN = text("SELECT event_id::text FROM outbox WHERE event_id::text = ANY(CAST(:ids AS text[]))")
_SAID = ("number", "version", "method", "kind", "direction", "external_reference")
_SAID_AT_THE_END = ("_id", "_ids", "_number", "_at", "_on", "_date")


@dataclass(frozen=True, slots=True)
class Announcing:
    """What a service announces, and what it can do about that after its database was restored."""

    service: str
    topics: Sequence[str]
    take_over: TakeOver | None = None
    skip_numbers: SkipNumbers | None = None
    record_again: RecordAgain | None = None
    built_upon: Collection[str] = ()
    """Types that it hears, without which it makes nothing again: they are heard before, all others after."""


@dataclass
class Forgotten:
    """Of one type of event: how many the service announced and knows no more, and the sums of their amounts."""

    events: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    """By currency, of what says an amount."""

    def count(self, message: Message) -> None:
        """Count one more."""
        self.events += 1
        if _is_amount(said := orjson.loads(message.data).get("amount")):
            currency = str(said["currency"])
            self.amounts[currency] = self.amounts.get(currency, Decimal(0)) + Decimal(str(said["amount"]))


async def restore(
    database: Database, broker: Broker, inbound: Inbound, announcing: Announcing, since: datetime, until: datetime
) -> AsyncIterator[dict[str, Any]]:
    """Take over what the service announced since, hear again what it heard since; says what was done and what is lost.

    No process of the service may run meanwhile. The last that is said is how many events are lost. May be repeated,
    also where it was cut off.
    """
    for topic in announcing.topics:
        async for said in _made_good(database, broker, announcing, topic, since):
            yield said
    await _make_again(database, broker, inbound, announcing, (since, until))
    for topic in inbound.topics:
        yield {"topic": topic, "read": await replay(inbound, broker, topic, since, until)}
    await _passes(database, broker, announcing, since, heard=True)
    lost = 0
    for topic in announcing.topics if announcing.take_over is None else ():
        async for said in _lost(database, broker, announcing, topic, since):
            lost += said.get("lost", 0)
            yield said
    yield {"lost": lost}


async def _made_good(
    database: Database, broker: Broker, announcing: Announcing, topic: str, since: datetime
) -> AsyncIterator[dict[str, Any]]:
    """Take over, and skip numbers, each batch in a transaction of its clinics."""
    found: dict[str, Forgotten] = {}
    if announcing.take_over is None and announcing.skip_numbers is None:
        return
    async for messages in _forgotten(database, broker, announcing.service, topic, since):
        clinics: list[UUID] = sorted({message.clinic_id for message in messages})
        skipped: list[LostNumbers] = []
        async with database.transaction(clinics, ACTOR) as work:
            if announcing.take_over is not None:
                await announcing.take_over(work, messages)
            if announcing.skip_numbers is not None:
                skipped = await announcing.skip_numbers(work, messages)
        for one in skipped:
            yield {"series": one.series, "clinic": one.clinic_id, "lost_from": one.first, "lost_to": one.last}
        for message in messages:
            found.setdefault(message.type, Forgotten()).count(message)
    for event_type, known in sorted(found.items()) if announcing.take_over is not None else ():
        yield {"type": event_type, "taken_over": known.events, "amounts": known.amounts}


async def _make_again(
    database: Database, broker: Broker, inbound: Inbound, announcing: Announcing, span: tuple[datetime, datetime]
) -> None:
    """Have made again what can be, before anything is heard that it answered: else it would be answered anew.

    What builds upon nothing that is heard before comes to be as all is heard again.
    """
    if announcing.record_again is None or not announcing.built_upon:
        return
    for topic in inbound.topics:
        await replay(inbound, broker, topic, *span, only=announcing.built_upon)
    await _passes(database, broker, announcing, span[0], heard=False)


async def _passes(database: Database, broker: Broker, announcing: Announcing, since: datetime, *, heard: bool) -> None:
    """Have made again what can be, until nothing more can: one event may build upon another of another partition."""
    if announcing.record_again is None:
        return
    before, missing = -1, await _missing(database, broker, announcing, since, heard=heard)
    while missing and missing != before:
        before, missing = missing, await _missing(database, broker, announcing, since, heard=heard)


async def _missing(database: Database, broker: Broker, announcing: Announcing, since: datetime, *, heard: bool) -> int:
    """Have made again what can be; how many cannot, or not yet."""
    missing = 0
    for topic in announcing.topics:
        async for messages in _forgotten(database, broker, announcing.service, topic, since):
            missing += len(messages) - len(await _recorded_again(database, announcing, messages, heard=heard))
    return missing


async def _lost(
    database: Database, broker: Broker, announcing: Announcing, topic: str, since: datetime
) -> AsyncIterator[dict[str, Any]]:
    """What was made again, and the rest one by one; both by type of event."""
    again: dict[str, Forgotten] = {}
    lost: dict[str, Forgotten] = {}
    async for messages in _forgotten(database, broker, announcing.service, topic, since):
        known = await _recorded_again(database, announcing, messages, heard=True)
        for message in messages:
            (again if message.id in known else lost).setdefault(message.type, Forgotten()).count(message)
            if message.id not in known:
                yield _named(message)
    for word, found in (("recorded_again", again), ("lost", lost)):
        for event_type, one in sorted(found.items()):
            yield {"type": event_type, word: one.events, "amounts": one.amounts}


async def _recorded_again(
    database: Database, announcing: Announcing, messages: Sequence[Message], *, heard: bool
) -> Collection[str]:
    if announcing.record_again is None:
        return ()
    clinics: list[UUID] = sorted({message.clinic_id for message in messages})
    async with database.transaction(clinics, ACTOR) as work:
        return await announcing.record_again(work, messages, heard=heard)


async def _forgotten(
    database: Database, broker: Broker, service: str, topic: str, since: datetime
) -> AsyncIterator[list[Message]]:
    """What the service wrote to its topic from `since` on and does not have in its outbox, in batches.

    Rows of the outbox are kept for days: `since` is at most so long ago, and a moment before the one restored.
    """
    async for messages in _written_since(broker, service, topic, since):
        known = await _known(database, messages)
        if forgotten := [message for message in messages if message.id not in known]:
            yield forgotten


def _named(message: Message) -> dict[str, Any]:
    """One event that is lost, by all that somebody needs to find it elsewhere; nothing that names a person."""
    return {
        "lost_event": message.type,
        "event_id": message.id,
        "clinic": message.clinic_id,
        "subject": message.subject,
        "time": message.time,
        **_ids_and_amounts(orjson.loads(message.data)),
    }


def _ids_and_amounts(said: Mapping[str, Any]) -> dict[str, Any]:
    """The ids, numbers, days and amounts of an event, and of its parts."""
    found: dict[str, Any] = {}
    for name, value in said.items():
        if isinstance(value, list):
            parts = [part for one in value if isinstance(one, dict) and (part := _ids_and_amounts(one))]
            found |= {name: parts} if parts else {}
        elif _is_amount(value):
            found[name] = f"{value['amount']} {value['currency']}"
        elif value is not None and (name in _SAID or name.endswith(_SAID_AT_THE_END)):
            found[name] = value
    return found


def _is_amount(said: Any) -> bool:
    return isinstance(said, dict) and said.keys() == {"amount", "currency"}


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
