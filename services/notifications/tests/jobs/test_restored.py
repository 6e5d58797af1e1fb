"""A database that was put back to an earlier moment: nobody is told again what they were told since (K4, `NOT-3`).

The first service tells, and its relay publishes that. The second stands on a database of before: it is told what the
first announced, and then hears all that the first had heard, as a replay has it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.broker import Broker
from chassis.messaging.inbound import Inbound
from chassis.messaging.restoring import restore
from chassis.testing.harness import ServiceHarness, admin_dsn, running
from chassis.testing.restoring import publish
from contracts.notifications import TOPIC, NotificationSent
from local_stack.kafka import Topics, create_topics
from notifications.app import service


@pytest.fixture
async def restored(request: pytest.FixtureRequest, harness: ServiceHarness) -> AsyncIterator[ServiceHarness]:
    """The same service, whose database is as it was before anything happened."""
    settings = {"smtp_host": "127.0.0.1", "smtp_port": harness.resources.settings.smtp_port}
    async with running(service, admin_dsn(request), clock=harness.clock, **settings) as one:
        yield one


@pytest.mark.rule("NOT-3.1")
async def test_nothing_is_sent_again_after_a_restore(
    desk: Any, practice: Any, restored: ServiceHarness, kafka_server: str
) -> None:
    """And what was never told is told by whoever was restored."""
    broker, began = Broker(kafka_server), datetime.now(UTC) - timedelta(minutes=1)
    first, second = practice.paid(), practice.paid("10.00")
    heard = await desk.harness.deliver(
        practice.configured(), practice.registered(("documents",)), first, practice.receipt(first)
    )
    await desk.send()
    (sent,) = await desk.messages(practice)
    assert sent["state"] == "sent"
    async with desk.harness.client("notifications:write", practice.clinic_id) as client:
        copy = (await client.post(f"/v1/messages/{sent['id']}/resend", json={"reason": "lost"})).json()
    await desk.send()
    await create_topics(broker, Topics((TOPIC,), 2))
    await publish(desk.harness, broker)
    desk.mail.taken.clear()

    nothing = Inbound("notifications", restored.database, ())
    announcing, until = service.announcing, datetime.now(UTC)
    said = [one async for one in restore(restored.database, broker, nothing, announcing, began, until)]
    assert {one["type"]: one["taken_over"] for one in said[:-1]}[NotificationSent.event_type] >= 1
    assert said[-1] == {"lost": 0}
    await restored.deliver(*heard)
    sending = restored.resources.state.sending
    sending.documents = desk.documents.as_service()
    await restored.deliver(second, practice.receipt(second))
    while await sending.start_due():
        await sending.finish()
    again = [one for one in (sent["id"], copy["id"]) for mail in desk.mail.taken if one in mail["Message-ID"]]
    assert again == []
    assert len(desk.mail.taken) == 1, "what was not told before is told now"
    async with restored.client("notifications:read operations", practice.clinic_id) as client:
        listed = (await client.get("/v1/messages")).json()["items"]
        assert {one["state"] for one in listed} == {"sent"}
        assert {(sent["id"], None), (copy["id"], sent["id"])} < {(one["id"], one["copy_of"]) for one in listed}
        assert (await client.get("/v1/prove")).json()["differences"] == []
    again = [one async for one in restore(restored.database, broker, nothing, announcing, began, until)]
    assert again == said, "taken over once more, it changes nothing"
    async with restored.client("notifications:read", practice.clinic_id) as client:
        assert (await client.get("/v1/messages")).json()["items"] == listed


@pytest.mark.rule("NOT-3.1")
async def test_a_receipt_that_is_issued_anew_after_a_restore_is_not_sent_again(desk: Any, practice: Any) -> None:
    """Of receipts, whose database was put back: the same transaction, under another id, with another number."""
    payment = practice.paid()
    anew = practice.receipt(payment, number="R-2026-000043")
    await desk.harness.deliver(practice.configured(), practice.registered(("documents",)))
    await desk.tell(payment, practice.receipt(payment))
    desk.mail.taken.clear()
    await desk.tell(anew)
    assert desk.mail.taken == []
    assert [message["state"] for message in await desk.messages(practice)] == ["sent"]
