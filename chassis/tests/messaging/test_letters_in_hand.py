"""Dead letters that somebody has in hand keep their place (`ALL-7`)."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
from chassis.messaging import Permanent, dead_letters
from chassis.testing.eventually import eventually
from chassis.testing.harness import ServiceHarness


async def test_a_letter_held_by_somebody_else_is_not_overtaken_by_those_behind_it(
    harness: ServiceHarness, sample: Any
) -> None:
    """ALL-7: an operator has the second of three in hand while the first is tried again."""
    key = str(uuid4())
    sample.faults["one"] = Permanent("not yet")
    await harness.deliver(*(sample.message(key, word) for word in ("one", "two", "three")))
    sample.faults.clear()
    first, second, _ = [row.id for row in await harness.set_aside() if row.key == key]
    async with harness.database.transaction([], "operator") as work:
        await dead_letters.replay(work.connection, [first], "operator", "mended")

    async def all_handled() -> bool:
        await harness.retry()
        return len(await sample.marked(key)) == 3

    async with harness.database.transaction([], "operator") as work:
        await dead_letters.replay(work.connection, [second], "operator", "mended")
        retried = asyncio.create_task(harness.retry())
        await _somebody_waits_for_a_lock(harness)
    await retried
    await eventually(all_handled)
    assert await sample.marked(key) == ["one", "two", "three"]


async def _somebody_waits_for_a_lock(harness: ServiceHarness) -> None:
    admin = await asyncpg.connect(harness.owned.admin_dsn)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'"

    async def somebody() -> bool:
        return bool(await admin.fetchval(waiting, harness.owned.name))

    try:
        await eventually(somebody)
    finally:
        await admin.close()
