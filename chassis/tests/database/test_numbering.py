"""Gapless numbers per clinic and series, under concurrency, rollback and a broken connection (`INV-7`)."""

from __future__ import annotations

import asyncio
import random
from datetime import date
from uuid import uuid4

import pytest
from chassis.database import Work
from chassis.database.numbering import Block, DateBeforeSeries, LostNumbers, next_numbers, skip_numbers
from chassis.testing.harness import ServiceHarness

DAY = date(2026, 11, 23)


async def next_number(work: Work, on: date = DAY) -> int:
    return (await next_numbers(work, "invoice", {work.clinic_id: Block(1, on)}))[work.clinic_id].start


class Changed(Exception):
    """A user who changes their mind."""


@pytest.mark.rule("INV-7.1")
async def test_a_hundred_at_once_with_rollbacks_leave_no_gap_and_no_duplicate(harness: ServiceHarness) -> None:
    """INV-7."""
    clinic = uuid4()
    dice = random.Random(7)

    async def issue(*, fails: bool) -> int | None:
        try:
            async with harness.database.transaction([clinic], "test") as work:
                number = await next_number(work)
                if fails:
                    raise Changed
                return number
        except Changed:
            return None

    taken = await asyncio.gather(*(issue(fails=dice.random() < 0.3) for _ in range(100)))
    numbers = sorted(number for number in taken if number is not None)
    assert numbers == list(range(1, len(numbers) + 1))
    assert None in taken


@pytest.mark.rule("INV-7.1")
async def test_each_clinic_and_each_series_counts_for_itself(harness: ServiceHarness) -> None:
    """INV-7."""
    one, two = uuid4(), uuid4()
    async with harness.database.transaction([one, two], "test") as work:
        first = await next_numbers(work, "invoice", {one: Block(3, DAY), two: Block(2, DAY)})
        again = await next_numbers(work, "invoice", {two: Block(1, DAY)})
        other = await next_numbers(work, "receipt", {one: Block(1, DAY)})
    assert first == {one: range(1, 4), two: range(1, 3)}
    assert again == {two: range(3, 4)}
    assert other == {one: range(1, 2)}


@pytest.mark.rule("INV-7.4")
async def test_a_date_before_the_series_last_is_refused_and_takes_no_number(harness: ServiceHarness) -> None:
    """INV-7."""
    clinic = uuid4()
    async with harness.database.transaction([clinic], "test") as work:
        await next_number(work)
    with pytest.raises(DateBeforeSeries):
        async with harness.database.transaction([clinic], "test") as work:
            await next_number(work, date(2026, 11, 22))
    async with harness.database.transaction([clinic], "test") as work:
        assert await next_number(work) == 2


@pytest.mark.rule("INV-7.1")
async def test_a_series_goes_on_above_what_was_announced_before_a_restore(harness: ServiceHarness) -> None:
    """Of a clinic that has numbers, of one that has none yet, and of one that knows more than was announced."""
    some, none, more = uuid4(), uuid4(), uuid4()
    announced = {some: 5, none: 2, more: 1}
    async with harness.database.transaction(announced, "test") as work:
        await next_numbers(work, "invoice", {some: Block(3, DAY), more: Block(2, DAY)})
        lost = await skip_numbers(work, "invoice", announced)
        assert await skip_numbers(work, "invoice", announced) == []
        following = await next_numbers(work, "invoice", {one: Block(1, DAY) for one in announced})
    assert {one.clinic_id: one for one in lost} == {
        some: LostNumbers(some, "invoice", 4, 5),
        none: LostNumbers(none, "invoice", 1, 2),
    }
    assert {clinic: given.start for clinic, given in following.items()} == {some: 6, none: 3, more: 3}
