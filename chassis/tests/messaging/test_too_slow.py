"""A message that takes longer than any may, or needs what cannot be read: it alone is set aside, and tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from chassis.database import Work
from chassis.messaging import Message, Subscription
from chassis.messaging import inbound as inbound_module
from chassis.messaging.inbound import TOO_LONG, UNREADABLE, Inbound
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness
from sqlalchemy import text

SLOW = "slow"


async def waits_for_ever(_: Work) -> None:
    await asyncio.Event().wait()


async def has_the_database_work_for_ever(work: Work) -> None:
    await work.connection.execute(text("SET LOCAL statement_timeout = '20ms'"))
    await work.connection.execute(text("SELECT pg_sleep(3600)"))


async def meets_a_bad_block(work: Work) -> None:
    await work.connection.execute(text("DO $$ BEGIN RAISE 'could not read block 7' USING ERRCODE = '58030'; END $$"))


@pytest.mark.parametrize(
    ("dawdle", "reason"),
    [(waits_for_ever, TOO_LONG), (has_the_database_work_for_ever, TOO_LONG), (meets_a_bad_block, UNREADABLE)],
)
async def test_what_takes_too_long_is_tried_again_alone_and_nobody_else_waits(
    harness: ServiceHarness,
    sample: Any,
    monkeypatch: pytest.MonkeyPatch,
    dawdle: Callable[[Work], Awaitable[None]],
    reason: str,
) -> None:
    """ALL-4: its batch was tried again for ever, as for a fault of the surroundings, and with it everybody's."""
    slow = True

    async def handler(work: Work, messages: Sequence[Message]) -> None:
        if slow and SLOW in {message.data.decode() for message in messages}:
            await dawdle(work)
        await sample.handler(work, messages)

    batch = [sample.message(str(uuid4()), word) for word in ("one", SLOW)]
    taking = Inbound(f"slow-{uuid4()}", harness.database, [Subscription(batch[0].topic, {"word": handler})])
    limit = 2 if dawdle is waits_for_ever else 60
    monkeypatch.setattr(inbound_module, "HANDLING_TIMEOUT_SECONDS", limit)
    await taking.handle(batch)
    assert await sample.marked(*(one.key for one in batch)) == ["one"]
    assert await sample.letters(batch[1].key) == [("waiting", reason)]
    await asyncio.wait_for(taking.retry_waiting(), 60)
    slow = False
    monkeypatch.setattr(inbound_module, "HANDLING_TIMEOUT_SECONDS", 60)

    async def is_handled() -> bool:
        await taking.retry_waiting()
        return await sample.marked(batch[1].key) == [SLOW]

    await eventually(is_handled, within_seconds=30)
