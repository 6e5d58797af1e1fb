"""Who waits for one of a few places: the urgent first, then whoever came first; nobody's place is lost (NOT-3.5)."""

from __future__ import annotations

import asyncio

import pytest
from notifications.channels.places import Places
from notifications.domain.notice import Priority

pytestmark = pytest.mark.rule("NOT-3.5")


async def settled() -> None:
    """Everybody has gone as far as they can without another's doing."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_urgent_one_is_next_then_whoever_came_first() -> None:
    places, order = Places(1), list[str]()

    async def pass_through(name: str, priority: Priority) -> None:
        async with places.taken(priority):
            order.append(name)

    async with places.taken(Priority.REMINDERS):
        waiting = [
            asyncio.create_task(pass_through(name, priority))
            for name, priority in (
                ("first reminder", Priority.REMINDERS),
                ("second reminder", Priority.REMINDERS),
                ("invoice", Priority.DOCUMENTS),
                ("receipt", Priority.URGENT),
            )
        ]
        await settled()
        assert order == []
    await asyncio.gather(*waiting)
    assert order == ["receipt", "invoice", "first reminder", "second reminder"]


@pytest.mark.parametrize("given_already", [False, True])
async def test_who_gives_up_waiting_leaves_the_place_to_the_next(given_already: bool) -> None:
    places, came = Places(1), asyncio.Event()

    async def enter() -> None:
        async with places.taken(Priority.DOCUMENTS):
            came.set()

    holding = places.taken(Priority.DOCUMENTS)
    await holding.__aenter__()
    impatient = asyncio.create_task(enter())
    await settled()
    patient = asyncio.create_task(enter())
    await settled()
    if given_already:
        await holding.__aexit__(None, None, None)
    impatient.cancel()
    await settled()
    if not given_already:
        await holding.__aexit__(None, None, None)
    await patient
    assert came.is_set()
    async with asyncio.timeout(5), places.taken(Priority.DOCUMENTS):
        assert impatient.cancelled()
