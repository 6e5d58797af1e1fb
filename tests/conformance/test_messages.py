"""Every service takes the golden examples, each once, and survives what is wrong with a message or its surroundings."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import uuid4

import asyncpg
import pytest
from chassis.database import Work
from chassis.messaging import Message, dead_letters
from chassis.messaging.errors import is_transient
from chassis.messaging.inbound import Inbound
from chassis.messaging.message import Subscription
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from pydantic import ValidationError

DIGEST = 'SELECT coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{}" t'
UNKEPT: dict[type, tuple[Any, ...]] = {str: ("\0", "\ud83e"), int: (2**31, 2**63, 10**30, -(2**63) - 1)}
CHANGING = {"inbox", "dead_letters", "alembic_version"}


def listened(harness: ServiceHarness, messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if harness.inbound.listens_to(message.topic, message.type)]


async def settled(harness: ServiceHarness) -> None:
    """Let what came too early be handled, now that the rest is there."""

    async def nothing_left_to_retry() -> bool:
        return await harness.retry() == 0

    await eventually(nothing_left_to_retry)


async def snapshot(harness: ServiceHarness) -> dict[str, int]:
    """How many rows each table has, and a digest of them."""
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return {name: await connection.fetchval(DIGEST.format(name)) for (name,) in tables if name not in CHANGING}
    finally:
        await connection.close()


async def test_every_golden_example_is_understood(harness: ServiceHarness, golden: list[Message]) -> None:
    """A producer's test emits its examples, a consumer's test accepts them."""
    wanted = listened(harness, golden)
    assert len(wanted) >= 4
    await harness.deliver(*wanted)
    await settled(harness)
    dead = [(row.type, row.reason) for row in await harness.set_aside() if row.state == "dead"]
    assert dead == []


async def test_all_of_it_delivered_again_changes_nothing(harness: ServiceHarness, golden: list[Message]) -> None:
    """ALL-7."""
    wanted = listened(harness, golden)
    await harness.deliver(*wanted)
    await settled(harness)
    before = await snapshot(harness)
    await harness.deliver(*reversed(wanted))
    await harness.deliver(*wanted)
    assert await snapshot(harness) == before


async def test_members_that_a_consumer_does_not_know_are_ignored(
    harness: ServiceHarness, golden: list[Message]
) -> None:
    """Changes are additive: a newer producer's events are accepted by an older consumer."""
    newer = [
        replace(message, id=str(uuid4()), data=message.data[:-1] + b', "from_the_future": {"a": [1, null]}}')
        for message in listened(harness, golden)
    ]
    await harness.deliver(*newer)
    reasons = [row.reason for row in await harness.set_aside() if row.state == "dead" and "future" in row.reason]
    assert reasons == []


@pytest.mark.rule("ALL-7.2")
async def test_a_poison_message_is_set_aside_and_other_keys_go_on(
    harness: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-7."""
    sample = listened(harness, golden)[0]
    poison = replace(sample, id=str(uuid4()), key=str(uuid4()), data=b'{"clinic_id": "Jane Doe"}')
    other = replace(sample, id=str(uuid4()), key=str(uuid4()))
    await harness.deliver(poison, other)
    rows = {row.event_id: row for row in await harness.set_aside()}
    assert rows[poison.id].state == "dead"
    assert "Jane" not in rows[poison.id].reason
    assert other.id not in rows or rows[other.id].state == "waiting"


async def test_whatever_a_member_holds_costs_no_more_than_its_own_message(
    harness: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-7: each member of each event in turn holds what no column can keep, and delivering that raises nothing.

    What is refused of it is refused by the event's class, naming the member, before anything reaches the database: of
    that, one of each type comes in by the whole way; of everything else, all of it.
    """
    wrong = [
        replace(message, id=str(uuid4()), key=str(uuid4()), data=json.dumps(data).encode())
        for message in listened(harness, golden)
        for data in spoilt(json.loads(message.data))
    ]
    refused = {message.id: message for message in wrong if await is_refused_by_its_class(harness, message)}
    assert len(refused) > len(wrong) / 2
    let_in = [message for message in wrong if message.id not in refused]
    of_each_type = {message.type: message for message in refused.values()}
    await harness.deliver(*let_in, *of_each_type.values())
    async with harness.database.reading([]) as connection:
        rows = await dead_letters.listed(connection, ["dead"], most=len(wrong) + len(golden))
    ours = {message.id for message in wrong}
    dead = {row.event_id: row.reason for row in rows if row.event_id in ours}
    assert {message.id for message in of_each_type.values()} <= dead.keys()
    assert {reason for reason in dead.values() if not reason.startswith("ValidationError: ")} == set()


class OutOfReach:
    """Stands for a transaction of which nothing may be asked."""

    def __getattr__(self, name: str) -> Any:
        raise LookupError(name)


async def is_refused_by_its_class(harness: ServiceHarness, message: Message) -> bool:
    """Whether its handler refuses it before it asks anything of the transaction."""
    handler = _handlers(harness, message.topic)[message.type]
    asked = handler(cast("Work", OutOfReach()), [message])
    outcomes: Sequence[object] = await asyncio.gather(asked, return_exceptions=True)
    return isinstance(outcomes[0], ValidationError)


def spoilt(data: Any) -> Iterator[Any]:
    """Copies of a document, each with another of its members spoilt."""
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, member in members:
        for inner in spoilt(member) if isinstance(member, dict | list) else UNKEPT.get(type(member), ()):
            copy = data.copy()
            copy[name] = inner
            yield copy


@pytest.mark.rule("ALL-7.1")
async def test_a_crash_before_the_commit_leaves_nothing_and_the_next_try_does_it(
    harness: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-7: the connection breaks after the handler has done its work."""
    await harness.deliver(*listened(harness, golden))
    waiting = {row.event_id for row in await harness.set_aside()}
    sample = next(message for message in listened(harness, golden) if message.id not in waiting)
    again = replace(sample, id=str(uuid4()), sequence=sample.sequence + 1)
    handler = _handlers(harness, again.topic)[again.type]
    broken = True

    async def dies_at_first(work: Work, messages: Sequence[Message]) -> None:
        await handler(work, messages)
        if broken:
            raw: Any = await work.connection.get_raw_connection()
            raw.driver_connection.terminate()
            raise ConnectionResetError

    inbound = Inbound(harness.service.name, harness.database, [Subscription(again.topic, {again.type: dies_at_first})])
    before = await snapshot(harness)
    with pytest.raises(Exception) as fault:
        await inbound.handle([again])
    assert is_transient(fault.value)
    assert await snapshot(harness) == before
    broken = False
    await inbound.handle([again])
    assert again.id not in {row.event_id for row in await harness.set_aside()}


async def test_what_needs_something_that_has_not_come_waits_for_it(
    harness: ServiceHarness, golden: list[Message]
) -> None:
    """ALL-7: everything that fails on an empty clinic waits, nothing of it is dead."""
    stranger = uuid4()
    for message in listened(harness, golden):
        data = message.data.replace(str(message.clinic_id).encode(), str(stranger).encode())
        await harness.deliver(replace(message, id=str(uuid4()), clinic_id=stranger, key=str(uuid4()), data=data))
    rows = [row for row in await harness.set_aside() if row.clinic_id == stranger]
    assert [(row.type, row.reason) for row in rows if row.state == "dead"] == []


def _handlers(harness: ServiceHarness, topic: str) -> Any:
    return next(subscription.handlers for subscription in harness.service.subscriptions if subscription.topic == topic)
