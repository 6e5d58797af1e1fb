"""Which record goes on, of any that were said to be one: the same in whatever order it was said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

from chassis.database.merged_records import Said, survivors

A, B, C, D = (UUID(int=one) for one in range(1, 5))
BEGIN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def said(*pairs: tuple[UUID, UUID]) -> dict[UUID, Said]:
    """Each into the next, one minute after another."""
    return {
        record: Said(into, BEGIN + timedelta(minutes=minute)) for minute, (record, into) in enumerate(pairs, start=1)
    }


def test_a_record_goes_on_over_any_number_of_others() -> None:
    """ALL-10."""
    for pairs in permutations(((A, B), (B, C), (D, B))):
        assert survivors(said(*pairs)) == {A: C, B: C, D: C}


def test_of_two_that_were_merged_into_each_other_the_one_named_last_goes_on() -> None:
    """ALL-10."""
    assert survivors(said((A, B), (B, A))) == {A: A, B: A}
    assert survivors(said((B, A), (A, B))) == {A: B, B: B}


def test_a_circle_with_others_that_lead_to_it_has_one_record_that_goes_on() -> None:
    """ALL-10."""
    assert survivors(said((A, B), (B, C), (C, A), (D, C))) == {A: A, B: A, C: A, D: A}


def test_a_record_that_is_merged_into_itself_stands_by_itself() -> None:
    """ALL-10."""
    assert survivors(said((A, A), (B, A))) == {A: A, B: A}
