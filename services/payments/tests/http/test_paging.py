"""Pages of lists that grow while they are read: nothing is skipped, nothing repeated (PAY-9, PAY-10, ALL-3)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from payments_desk import FrontDesk, good

Line = tuple[str, str]


async def grow(desk: FrontDesk, chance: Random) -> None:
    """Some rows more, several at once: also documents that arrive after their day, before what was read already."""
    invoice = await desk.invoice("40.00")
    payments = await asyncio.gather(*(desk.paid("1.00", invoice) for _ in range(chance.randint(1, 3))))
    if chance.random() < 0.5:
        await asyncio.gather(desk.cancel(payments[0]["id"]), desk.paid("2.00"))


async def pages(desk: FrontDesk, path: str, chance: Random, **query: str) -> AsyncIterator[tuple[list[Line], bool]]:
    """Pages of any size, and whether another follows."""
    asked = dict(query)
    while True:
        asked["limit"] = str(chance.randint(1, 4))
        part = good(await desk.client.get(path, params=asked))
        yield [(item["kind"], item["id"]) for item in part["items"]], part["next"] is not None
        if part["next"] is None:
            return
        asked["cursor"] = part["next"]


async def whole(desk: FrontDesk, path: str, **query: str) -> list[Line]:
    found = good(await desk.client.get(path, params=query | {"limit": "200"}))
    assert found["next"] is None
    return [(item["kind"], item["id"]) for item in found["items"]]


async def read_while_it_grows(desk: FrontDesk, path: str, chance: Random, **query: str) -> None:
    before = await whole(desk, path, **query)
    found: list[Line] = []
    growths = 4
    async for page, more in pages(desk, path, chance, **query):
        found += page
        if more and growths and chance.random() < 0.6:
            growths -= 1
            await grow(desk, chance)
    after = await whole(desk, path, **query)
    assert len(set(found)) == len(found)
    assert [one for one in found if one in before] == before
    assert found == [one for one in after if one in found]
    if query.get("order") != "newest_first":
        # What was booked meanwhile comes at the end, where the reader has yet to come.
        assert [one for one in after if one[0] == "payment"] == [one for one in found if one[0] == "payment"]


@pytest.mark.rule("ALL-3.1")
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("query", [{"order": "oldest_first"}, {"order": "newest_first"}, {"kind": "payment"}])
async def test_account_is_read_whole_while_it_grows(desk: FrontDesk, seed: int, query: dict[str, Any]) -> None:
    chance = Random(seed)
    await grow(desk, chance)
    desk.harness.clock.advance(timedelta(days=1))
    for _ in range(3):
        await grow(desk, chance)
    await read_while_it_grows(desk, f"/v1/patients/{desk.patient_id}/account", chance, **query)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("query", [{}, {"kind": "payment"}, {"method": "cash"}])
async def test_transactions_of_a_day_are_read_whole_while_it_grows(
    desk: FrontDesk, seed: int, query: dict[str, Any]
) -> None:
    chance = Random(seed)
    for _ in range(3):
        await grow(desk, chance)
    day = (await desk.paid("1.00"))["booked_on"]
    await read_while_it_grows(desk, f"/v1/day-sheets/{day}/transactions", chance, **query)
