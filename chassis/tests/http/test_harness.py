"""The harness is the real way in and out: inbox, outbox, jobs and clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness, eventually


def arrived(harness: ServiceHarness, **values: Any) -> Any:
    (subscription,) = harness.service.subscriptions
    (handler,) = subscription.handlers.values()
    return handler.__globals__["BookArrived"](occurred_at=datetime.now(UTC), **values)


async def test_message_delivered_twice_is_handled_once_and_announces_once(harness: ServiceHarness) -> None:
    clinic = new_id()
    messages = await harness.deliver(arrived(harness, clinic_id=clinic, title="x"))
    await harness.deliver(*messages, *messages)
    (announced,) = await harness.announced("test.book.arrived.v1", clinic_id=clinic)
    assert announced.data["title"] == "x"
    assert (announced.key, announced.topic) == (str(clinic), "test.books.v1")
    async with harness.client("books:read", clinic) as client:
        assert len((await client.get("/v1/books")).json()["items"]) == 1


async def test_job_runs_on_the_services_resources(harness: ServiceHarness) -> None:
    await harness.run_job("count")
    assert harness.resources.state.counted == 1
    with pytest.raises(KeyError):
        await harness.run_job("unknown")


async def test_clock_moves_only_when_told(harness: ServiceHarness) -> None:
    before = harness.clock.now()
    harness.clock.advance(timedelta(days=1))
    async with harness.database.transaction([], "test") as work:
        assert work.now == before + timedelta(days=1)


async def test_eventually_says_what_it_last_saw() -> None:
    async def never() -> int:
        return 0

    async def failing() -> int:
        raise AssertionError("not three yet")

    with pytest.raises(AssertionError, match="last seen: 0"):
        await eventually(never, within_seconds=0.05)
    with pytest.raises(AssertionError, match="not three yet"):
        await eventually(failing, within_seconds=0.05)
