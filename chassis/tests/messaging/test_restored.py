"""After a database was put back: what the service had announced since and knows no more is said in figures (K4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from chassis.broker import Broker
from chassis.database.transaction import Work
from chassis.messaging.inbound import Inbound
from chassis.messaging.message import Message
from chassis.messaging.restoring import Announcing, _ids_and_amounts, restore
from chassis.testing.harness import ServiceHarness
from chassis.testing.restoring import publish
from chassis.testing.word import CLINIC, Word

AMOUNT = '{"amount": {"amount": "12.50", "currency": "USD"}}'


@pytest.fixture
async def topic(kafka_server: str) -> str:
    name = f"restored.{uuid4().hex}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 2, 1)])
    finally:
        await admin.close()
    return name


async def announced(harness: ServiceHarness, broker: Broker, topic: str, *words: str) -> None:
    """These words are announced, and with the broker."""
    async with harness.database.transaction([CLINIC], "test") as work:
        for number, word in enumerate(words):
            work.announce(Word(topic, word, AMOUNT), subject=uuid4(), sequence=number)
    await publish(harness, broker)


async def said(
    harness: ServiceHarness, broker: Broker, announcing: Announcing, began: datetime
) -> list[dict[str, Any]]:
    """By the command, for a service that hears nothing."""
    nothing = Inbound(announcing.service, harness.database, ())
    return [one async for one in restore(harness.database, broker, nothing, announcing, began, datetime.now(UTC))]


@pytest.mark.rule("ALL-7.1")
async def test_what_was_announced_since_is_counted_and_given_to_who_can_take_it_over(
    harness: ServiceHarness, kafka_server: str, topic: str
) -> None:
    """Of a database that knows the first word only."""
    broker, began = Broker(kafka_server), datetime.now(UTC) - timedelta(minutes=1)
    await announced(harness, broker, topic, "before", "after", "later")
    connection = await asyncpg.connect(harness.owned.admin_dsn)
    try:
        await connection.execute("DELETE FROM outbox WHERE topic = $1 AND key <> 'before'", topic)
    finally:
        await connection.close()
    taken: list[str] = []

    async def take_over(work: Work, messages: Sequence[Message]) -> None:
        assert work.clinic_ids == (CLINIC,)
        taken.extend(message.key for message in messages)

    takes_over = Announcing("sample", [topic], take_over)
    assert await said(harness, broker, takes_over, began) == [
        {"type": "word", "taken_over": 2, "amounts": {"USD": Decimal("25.00")}},
        {"lost": 0},
    ]
    assert sorted(taken) == ["after", "later"]
    *named, total, lost = await said(harness, broker, Announcing("sample", [topic]), began)
    assert [(one["lost_event"], one["amount"], one["clinic"]) for one in named] == [("word", "12.50 USD", CLINIC)] * 2
    assert (total["lost"], lost["lost"]) == (2, 2)
    assert await said(harness, broker, Announcing("another", [topic]), began) == [{"lost": 0}]


@pytest.mark.rule("ALL-6.1")
def test_what_is_lost_is_named_without_a_person() -> None:
    """By ids, numbers, days and amounts, of its parts too."""
    part = {"invoice_id": "7", "change": {"amount": "3.00", "currency": "USD"}, "lines": [], "note": "for the crown"}
    data = {
        "number": "INV-7",
        "version": 3,
        "payer": {"name": "Ann Noon"},
        "note": "paid by Ann",
        "booked_on": "2026-11-23",
    }
    assert _ids_and_amounts(data | {"settlements": [part]}) == {
        "number": "INV-7",
        "version": 3,
        "booked_on": "2026-11-23",
        "settlements": [{"invoice_id": "7", "change": "3.00 USD"}],
    }
