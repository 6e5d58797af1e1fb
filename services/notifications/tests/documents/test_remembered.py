"""What was said of a clinic a moment ago is not asked anew (NOT-11.3)."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from notifications.documents.remembered import (
    AGAIN_SECONDS,
    CLINICS_MAX,
    FRESH_SECONDS,
    KEPT_SECONDS,
    OTHER_SECONDS,
    PATIENCE_SECONDS,
    Remembered,
)

CLINIC, OTHER = UUID(int=1), UUID(int=2)
pytestmark = pytest.mark.rule("NOT-11.3")


class Keeper:
    """Says how often it was asked, after a moment; `away` makes it raise."""

    def __init__(self) -> None:
        self.asked: list[UUID] = []
        self.away = False
        self.now = 0.0
        self.remembered = Remembered(self.say, (LookupError,), lambda: self.now)

    async def say(self, clinic_id: UUID) -> int:
        self.asked.append(clinic_id)
        await asyncio.sleep(0)
        if self.away:
            raise LookupError
        return len(self.asked)


async def test_all_that_ask_at_once_and_within_a_minute_share_an_answer() -> None:
    keeper = Keeper()
    assert await asyncio.gather(*(keeper.remembered.of(CLINIC) for _ in range(3))) == [1, 1, 1]
    keeper.now += FRESH_SECONDS - 1
    assert await keeper.remembered.of(CLINIC) == 1
    assert await keeper.remembered.of(OTHER) == 2
    keeper.now += 1
    assert await keeper.remembered.of(CLINIC) == 3


async def test_what_was_said_counts_for_an_hour_where_nobody_answers() -> None:
    keeper = Keeper()
    assert await keeper.remembered.of(CLINIC) == 1
    keeper.away = True
    keeper.now += KEPT_SECONDS - 1
    assert await keeper.remembered.of(CLINIC) == 1
    keeper.now += 1
    for clinic_id in (CLINIC, OTHER):
        with pytest.raises(LookupError):
            await keeper.remembered.of(clinic_id)


async def test_who_is_not_answered_does_not_ask_for_each_message_and_in_the_end_does_without() -> None:
    keeper = Keeper()
    keeper.away = True
    for _ in range(3):
        with pytest.raises(LookupError):
            await asyncio.gather(*(keeper.remembered.of(CLINIC) for _ in range(3)))
    assert len(keeper.asked) == 1
    keeper.now += AGAIN_SECONDS
    with pytest.raises(LookupError):
        await keeper.remembered.of(CLINIC)
    assert len(keeper.asked) == 2
    keeper.now += PATIENCE_SECONDS - AGAIN_SECONDS
    assert await keeper.remembered.of(CLINIC) is None
    keeper.away = False
    keeper.now += AGAIN_SECONDS
    assert await keeper.remembered.of(CLINIC) == 4
    keeper.away = True
    keeper.now += KEPT_SECONDS
    with pytest.raises(LookupError):
        await keeper.remembered.of(CLINIC)


async def test_what_was_not_answered_long_ago_is_not_added_to_what_is_not_answered_now() -> None:
    """Another worker may have been answered in between, so that nobody asked here again."""
    keeper = Keeper()
    keeper.away = True
    for _ in range(2):
        with pytest.raises(LookupError):
            await keeper.remembered.of(CLINIC)
        keeper.now += OTHER_SECONDS
    keeper.now += PATIENCE_SECONDS - OTHER_SECONDS
    assert await keeper.remembered.of(CLINIC) is None


async def test_a_fault_that_many_are_told_does_not_grow() -> None:
    keeper = Keeper()
    keeper.away = True
    depths = []
    for _ in range(5):
        with pytest.raises(LookupError) as fault:
            await keeper.remembered.of(CLINIC)
        depths.append(len(fault.traceback))
    assert len(set(depths[1:])) == 1


async def test_only_so_many_clinics_are_remembered() -> None:
    keeper = Keeper()
    for number in range(CLINICS_MAX + 5):
        await keeper.remembered.of(UUID(int=number))
    before = len(keeper.asked)
    await keeper.remembered.of(UUID(int=CLINICS_MAX + 4))
    assert len(keeper.asked) == before
    await keeper.remembered.of(UUID(int=0))
    assert len(keeper.asked) == before + 1
