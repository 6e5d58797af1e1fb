"""What was acknowledged is neither lost nor applied twice, whatever is killed, repeated or away (`ALL-7`)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from local_stack.edge.mailbox import Mailbox
from local_stack.practice.events import of_visit
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack

PAYMENTS = 12
IN_FLIGHT = 3
LEFT_CLAIM_SECONDS_MAX = 120.0
"""A claim that nobody closed lasts a minute; then the outcome is unknown."""


@pytest.mark.rule("ALL-7.1")
async def test_events_delivered_twice_change_nothing(story: Story) -> None:
    events = list(of_visit(story.visit(10_000, 5_000)))
    invoice = await story.announced(events)
    await story.announcer.announce(events)
    await story.announcer.announce(reversed(events))
    following = await story.happen(100)  # of the same patient, so behind the repeated ones
    numbers = [one["number"] for one in await story.invoices()]
    assert sorted(numbers) == sorted([invoice["number"], following["number"]])
    (first,) = await story.invoices(appointment_id=str(events[-1].subject))
    assert first["totals"]["total"]["amount"] == "150.00"


async def test_payments_are_taken_while_the_broker_is_down_and_told_when_it_is_back(stack: Stack, story: Story) -> None:
    await story.happen(9_000)
    await stack.stop_kafka()
    try:
        payments = [await story.desk.pay(1_000, "cash") for _ in range(3)]
    finally:
        await stack.start_kafka()
    await story.settled(6_000, "partially_paid")
    for payment in payments:
        await story.receipt(payment)
    await story.messages("payment_recorded", count=3)


@pytest.mark.rule("ALL-1.4", "ALL-7.1")
@pytest.mark.parametrize("role", ["api", "worker"])
async def test_payments_killed_while_recording_loses_and_doubles_nothing(stack: Stack, story: Story, role: str) -> None:
    await story.happen(PAYMENTS * 1_000)
    paying = [asyncio.create_task(story.desk.pay(1_000, "bank_card")) for _ in range(PAYMENTS)]
    await asyncio.wait(paying, return_when=asyncio.FIRST_COMPLETED)
    await stack.kill("payments", role)
    await stack.start_service("payments", role)
    payments = await asyncio.gather(*paying)
    assert len(set(payments)) == PAYMENTS
    await story.settled(0, "paid")
    for payment in payments:
        await story.receipt(payment)


@pytest.mark.rule("ALL-7.1")
async def test_invoicing_killed_while_visits_close_issues_each_once_and_without_a_gap(
    stack: Stack, story: Story
) -> None:
    visits = [story.visit(1_000, 2_000) for _ in range(20)]
    announcing = asyncio.create_task(story.announcer.announce(event for visit in visits for event in of_visit(visit)))
    await stack.kill("invoicing", "worker")
    await announcing
    await stack.start_service("invoicing", "worker")

    async def all_issued() -> bool:
        return len(await story.invoices()) == len(visits)

    await until(all_issued, "every visit is invoiced")
    invoices = await story.invoices()
    assert {invoice["appointment_id"] for invoice in invoices} == {str(visit.id) for visit in visits}
    assert sorted(int(invoice["number"][-6:]) for invoice in invoices) == list(range(1, len(visits) + 1))


async def test_receipts_killed_while_rendering_stores_each_once(stack: Stack, story: Story) -> None:
    await story.happen(PAYMENTS * 1_000)
    payments = [await story.desk.pay(1_000, "cash") for _ in range(PAYMENTS)]
    await stack.kill("receipts")
    await stack.start_service("receipts")
    receipts = [await story.receipt(payment) for payment in payments]
    assert sorted(int(receipt["number"][-6:]) for receipt in receipts) == list(range(1, PAYMENTS + 1))


@pytest.mark.rule("NOT-3.1")
async def test_notifications_killed_while_sending_sends_nothing_twice(stack: Stack, story: Story) -> None:
    """NOT-3, as the mail server has it."""
    await story.happen(PAYMENTS * 1_000)
    for _ in range(PAYMENTS):
        await story.desk.pay(1_000, "cash")
    await until(lambda: _mails(stack, story), "a first mail is taken")
    await stack.kill("notifications")
    await stack.start_service("notifications")
    messages = await until(lambda: _all_decided(story, PAYMENTS), "every message is decided", LEFT_CLAIM_SECONDS_MAX)
    assert len({message["about_event_id"] for message in messages}) == PAYMENTS
    mails = await _mails(stack, story)
    assert set(mails.values()) == {1}
    assert {message["id"] for message in messages if message["state"] == "sent"} <= set(mails)


@pytest.mark.rule("NOT-3.3")
async def test_notifications_killed_before_it_knows_what_was_taken_sends_nothing_twice(
    stack: Stack, story: Story
) -> None:
    """NOT-3: mails that were taken and never heard of again are of unknown outcome, and are left at that."""
    await story.happen(IN_FLIGHT * 1_000)
    await story.messages("invoice_issued")
    async with _no_outcome_is_stored(stack):
        for _ in range(IN_FLIGHT):
            await story.desk.pay(1_000, "cash")

        async def all_taken() -> bool:
            return len(await _mails(stack, story)) == IN_FLIGHT

        await until(all_taken, "every mail is taken")
        await stack.kill("notifications")
    await stack.start_service("notifications")
    messages = await until(lambda: _all_decided(story, IN_FLIGHT), "every message is decided", LEFT_CLAIM_SECONDS_MAX)
    assert await _mails(stack, story) == dict.fromkeys([message["id"] for message in messages], 1)
    assert {message["state"] for message in messages} == {"unknown"}


@asynccontextmanager
async def _no_outcome_is_stored(stack: Stack) -> AsyncIterator[None]:
    """While it lasts, notifications claims and hands over, and waits to store what came of it."""
    connection = await asyncpg.connect(stack.database_dsn("notifications"))
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE attempts IN SHARE MODE")
            yield
    finally:
        await connection.close()


async def _mails(stack: Stack, story: Story) -> dict[str, int]:
    """How often the mail server took each message about a payment, by the message's id, without those never taken."""
    sent = Counter(mail.message_id for mail in Mailbox(stack.home / "edge" / "mails").newest_first())
    taken = Counter({message_id.strip("<").partition("@")[0]: times for message_id, times in sent.items()})
    listed = await story.listed_messages("payment_recorded")
    return {one["id"]: taken[one["id"]] for one in listed if taken[one["id"]]}


async def _all_decided(story: Story, count: int) -> list[dict[str, Any]]:
    messages = await story.listed_messages("payment_recorded")
    decided = [message for message in messages if message["state"] in ("sent", "unknown")]
    return messages if len(messages) == len(decided) == count else []
