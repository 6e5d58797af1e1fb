"""A service that one clinic has for itself, one that another shares and misbehaves in, and all that goes on in both."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP
from any_record import AnyRecord, Dice, any_record, event
from chassis.broker import Broker
from chassis.messaging import dead_letters
from chassis.messaging.leased_queue import LeasedQueue
from chassis.messaging.relay import Relay
from chassis.service import Service
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.processes import NOWHERE

WELL, BAD = UUID("aaaaaaaa-0000-4000-8000-00000000000a"), UUID("bbbbbbbb-0000-4000-8000-00000000000b")
MARK = "Zzyzx"
"""Stands in every text of the misbehaving clinic: nothing of it may appear in what the other one is shown."""
FLOOD = 300
SPOILT = 250
OFFSETS = count()
LARGEST = 200_000
"""Bytes of an event that the topic takes to which the relay publishes here."""
OF_SETTINGS = """
SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
 WHERE c.table_schema = 'public'
   AND (c.column_name, c.data_type) IN (('time_zone', 'text'), ('settings', 'jsonb'))
   AND EXISTS (SELECT FROM information_schema.columns o
                WHERE o.table_schema = 'public' AND o.table_name = c.table_name AND o.column_name = 'clinic_id')
"""
WRITE = {
    "text": "UPDATE {table} SET {name} = $2 WHERE clinic_id = $1",
    "jsonb": "UPDATE {table} SET {name} = {name} || jsonb_build_object('time_zone', $2::text) WHERE clinic_id = $1",
}


@dataclass(frozen=True)
class Fetched:
    """A record as aiokafka hands it over."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]
    offset: int
    partition: int = 0
    timestamp: int = 1_795_000_000_000


def fetched(record: AnyRecord) -> Fetched:
    return Fetched(record.topic, record.key, record.value, record.headers, next(OFFSETS))


@dataclass
class Pair:
    """A service that the well-behaved clinic has for itself, and one that it shares."""

    alone: ServiceHarness
    shared: ServiceHarness


def of_process(service: Service, mails: int) -> dict[str, Any]:
    """What the service is told of what is around it."""
    told: dict[str, dict[str, Any]] = {
        "notifications": {"smtp_host": "127.0.0.1", "smtp_port": mails, "smtp_sender": "billing@dental.example"},
        "receipts": {"render_processes": 1, "document_wait_seconds": 0.05},
    }
    return told.get(service.name, {})


@asynccontextmanager
async def mail_server() -> AsyncIterator[int]:
    """Takes every mail; its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink(), loop=loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def write_zones(harness: ServiceHarness, zone: str) -> None:
    """Have a zone, which may be none, in the misbehaving clinic's settings, past every part of the service."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await connection.execute("SET session_replication_role = replica")
        for row in await connection.fetch(OF_SETTINGS):
            changed = WRITE[row["data_type"]].format(name=row["column_name"], table=row["table_name"])
            await connection.execute(changed, BAD, zone)
    finally:
        await connection.close()


async def go_on(harness: ServiceHarness) -> None:
    """Do everything that is due now by the clock, the loops and the retries."""
    for job in harness.service.all_jobs:
        await job.run(harness.resources)
    for loop in harness.service.loops(harness.resources) if harness.service.loops else ():
        assert isinstance(loop, LeasedQueue)
        while await loop.start_due():
            await loop.finish()
    while await harness.retry():
        pass


async def topic_of(broker: Broker) -> str:
    admin, name = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap), f"two-clinics.{uuid4().hex}"
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 1, 1, topic_configs={"max.message.bytes": str(LARGEST)})])
    finally:
        await admin.close()
    return name


async def publish(harness: ServiceHarness, broker: Broker, topic: str) -> None:
    """Have the relay publish what is announced, to a topic that takes less than the misbehaving clinic announces."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await connection.execute("UPDATE outbox SET topic = $1", topic)
        await connection.execute(
            "UPDATE outbox SET data = data || convert_to(repeat(' ', $2), 'UTF8') WHERE clinic_id = $1", BAD, LARGEST
        )
        relay = Relay(harness.service.name, harness.database.url, broker, harness.database.bell)
        publishing = asyncio.create_task(relay.run())

        async def all_published() -> bool:
            return not await connection.fetchval(
                "SELECT EXISTS (SELECT FROM outbox WHERE clinic_id = $1 AND published_at IS NULL)", WELL
            )

        await eventually(all_published, within_seconds=60)
        relay.stop()
        await publishing
    finally:
        await connection.close()


async def take(harness: ServiceHarness, records: list[AnyRecord]) -> None:
    """Hand records in as one fetch of each topic would bring them."""
    for topic in dict.fromkeys(record.topic for record in records):
        await harness.inbound.take([fetched(record) for record in records if record.topic == topic])


def marked(example: dict[str, Any]) -> AnyRecord:
    """The same event of the misbehaving clinic: the same ids of everything, every name another."""
    record = event(example, BAD)
    text = (record.value or b"").decode()
    changed = re.sub(r'("(?:\w*name|description|note|reason|subject)": ")[^"]*(")', rf"\g<1>{MARK}\g<2>", text)
    return AnyRecord(record.topic, record.key, changed.encode(), record.headers, BAD)


def worst(story: list[dict[str, Any]], number: int) -> Iterator[AnyRecord]:
    """What a system can send that is broken: spoilt records, all in the keys of the well-behaved clinic's patients."""
    dice = Dice(number)
    for _ in range(max(1, SPOILT // len(story))):
        record = any_record(dice, story)
        if not record.misleading and str(WELL).encode() not in b"".join(v for _, v in record.headers) + (
            record.value or b""
        ):
            yield AnyRecord(record.topic, event(story[0], BAD).key, record.value, record.headers, BAD)


def flood(story: list[dict[str, Any]]) -> Iterator[AnyRecord]:
    """More of the same than anybody needs."""
    for number in range(FLOOD):
        yield marked(story[number % len(story)])


async def settled(harness: ServiceHarness) -> None:
    """Let the well-behaved clinic's messages that came too early be handled, now that the rest is there."""
    for _ in range(3):
        waiting = [row.id for row in await letters(harness, WELL) if row.state == "waiting"]
        async with harness.database.transaction([], "operator") as work:
            await dead_letters.replay(work.connection, waiting, "operator", "the rest is there")
        while await harness.retry():
            pass


async def letters(harness: ServiceHarness, clinic_id: UUID) -> list[Any]:
    async with harness.database.reading([]) as connection:
        rows = await dead_letters.listed(connection, most=100_000)
    return [row for row in rows if row.clinic_id == clinic_id]


@asynccontextmanager
async def nobody_to_ask(harness: ServiceHarness) -> AsyncIterator[None]:
    """The services that this one asks for figures are away."""
    state = vars(harness.resources.state)
    before = {name: state[name] for name in ("books", "installments") if name in state}
    state |= {name: type(one)(f"http://{NOWHERE}", timeout_seconds=5) for name, one in before.items()}
    yield
    for name, one in before.items():
        await state[name].close()
        state[name] = one
