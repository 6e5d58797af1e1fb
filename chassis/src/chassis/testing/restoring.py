"""A service whose database is put back to an earlier moment, in a test: what it announced since is with the broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.broker import Broker
from chassis.messaging import cloudevents, kafka
from chassis.messaging.message import Message
from chassis.messaging.relay import Relay
from chassis.messaging.restoring import restore
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness, running

PUBLISHED_SECONDS_MAX = 60.0
BEFORE = timedelta(minutes=5)


@asynccontextmanager
async def backup(harness: ServiceHarness, admin_dsn: str, **settings: Any) -> AsyncIterator[ServiceHarness]:
    """The same service on its database as it is now: what goes on in the first is not in it."""
    await harness.database.engine.dispose()
    async with running(
        harness.service,
        admin_dsn,
        clock=harness.clock,
        issuer=harness.issuer,
        backup_of=harness.owned,
        **settings,
    ) as one:
        yield one


async def publish(harness: ServiceHarness, broker: Broker) -> None:
    """Have all that a service has announced with the broker, whose topics are there."""
    relay = Relay(harness.service.name, harness.database.url, broker, harness.database.bell)
    publishing = asyncio.create_task(relay.run())

    async def all_published() -> bool:
        return all(one.raw == b"" for one in await harness.announced())

    try:
        await eventually(all_published, within_seconds=PUBLISHED_SECONDS_MAX)
    finally:
        relay.stop()
        await publishing


async def put(broker: Broker, messages: Sequence[Message]) -> None:
    """Have messages of others with the broker, on their topics, as they would have written them."""
    producer = await kafka.started(kafka.producer(broker, "others"), broker)
    try:
        for message in messages:
            headers = cloudevents.headers(
                event_id=message.id,
                source=message.source,
                event_type=message.type,
                subject=message.subject,
                clinic_id=str(message.clinic_id),
                sequence=message.sequence,
                time=message.time,
                trace=message.trace,
            )
            await producer.send_and_wait(message.topic, value=message.data, key=message.key.encode(), headers=headers)
    finally:
        await kafka.stopped(producer)


async def restored(harness: ServiceHarness, broker: Broker) -> list[dict[str, Any]]:
    """What the command `restored` says, of all that is with the broker."""
    now = datetime.now(UTC)
    said = restore(
        harness.database, broker, harness.inbound, harness.service.announcing, now - BEFORE, now + timedelta(days=1)
    )
    return [one async for one in said]
