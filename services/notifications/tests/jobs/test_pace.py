"""A provider gets no more messages a second than it takes, from all workers together (NOT-3.6)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from notifications.domain.settings import Channel
from notifications.jobs.send_messages import Sending

pytestmark = pytest.mark.rule("NOT-3.6")


@pytest_asyncio.fixture(loop_scope="session")
async def slow(desk: Any) -> AsyncIterator[list[float]]:
    """Mail goes out one a second; how long each message waited for its turn is noted, and time passes meanwhile."""
    waited: list[float] = []

    async def pass_time(seconds: float) -> None:
        waited.append(seconds)
        await asyncio.sleep(0)

    sending = desk.harness.resources.state.sending
    before = sending.rates, sending.sleep
    sending.rates, sending.sleep = {Channel.EMAIL: 1.0}, pass_time
    desk.clock.advance(timedelta(hours=1))
    yield waited
    sending.rates, sending.sleep = before


async def invoices(desk: Any, practice: Any, how_many: int) -> None:
    issued = [practice.issued_invoice(invoice_id=new_id(), number=f"INV-{one}") for one in range(how_many)]
    await desk.harness.deliver(practice.configured(), practice.registered(), *issued)


def workers(desk: Any, slow: list[float]) -> list[Sending]:
    """Two, each with room for two messages."""
    real = desk.harness.resources.state.sending
    given = {"rates": real.rates, "sleep": real.sleep}
    both = [Sending(real.database, real.clock, real.channels, real.documents, **given) for _ in range(2)]
    for one in both:
        one.at_once = 2
    assert slow == []
    return both


async def test_two_workers_take_turns_that_are_apart_as_the_provider_wants(
    desk: Any, practice: Any, slow: list[float]
) -> None:
    await invoices(desk, practice, 3)
    for worker in workers(desk, slow):
        await worker.start_due()
        await worker.finish()
    assert sorted(slow) == [0.0, 1.0, 2.0]
    assert len(desk.mail.taken) == 3


async def test_what_gets_no_turn_is_due_again_and_goes_out_later(desk: Any, practice: Any, slow: list[float]) -> None:
    """Nothing is lost, and nothing held longer than its lease: five at once, of which three have a turn near enough."""
    await invoices(desk, practice, 5)
    sending = desk.harness.resources.state.sending
    await sending.start_due()
    await sending.finish()
    assert len(desk.mail.taken) == 3
    assert {message["state"] for message in await desk.messages(practice)} == {"sent", "planned"}
    desk.clock.advance(timedelta(seconds=10))
    await sending.start_due()
    await sending.finish()
    assert len(desk.mail.taken) == 5


async def test_what_is_urgent_waits_longer_in_its_place(desk: Any, practice: Any, slow: list[float]) -> None:
    """NOT-3.5: so that it comes before others that are in line."""
    await desk.harness.deliver(practice.configured(), practice.registered())
    payments = [practice.paid(f"{one}.00") for one in range(1, 6)]
    await desk.harness.deliver(*payments, *(practice.receipt(payment) for payment in payments))
    sending = desk.harness.resources.state.sending
    await sending.start_due()
    await sending.finish()
    assert sorted(slow) == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert len(desk.mail.taken) == 5
