"""Quiet hours defer, on the wall clock of whoever would be disturbed (NOT-4)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.domain.quiet_hours import QuietHours

NIGHT = QuietHours(time(21), time(8))
NEW_YORK = "America/New_York"


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_evening_waits_for_the_morning_of_the_next_day() -> None:
    assert NIGHT.ended_by(instant("2026-11-23T22:15-05:00"), NEW_YORK) == instant("2026-11-24T08:00-05:00")


def test_early_morning_waits_for_the_same_morning() -> None:
    assert NIGHT.ended_by(instant("2026-11-23T03:00-05:00"), NEW_YORK) == instant("2026-11-23T08:00-05:00")


@pytest.mark.parametrize("moment", ["2026-11-23T08:00-05:00", "2026-11-23T20:59:59-05:00"])
def test_the_day_is_not_quiet(moment: str) -> None:
    assert NIGHT.ended_by(instant(moment), NEW_YORK) is None


def test_night_of_the_spring_change_is_an_hour_shorter() -> None:
    evening = instant("2026-03-07T22:00-05:00")
    end = NIGHT.ended_by(evening, NEW_YORK)
    assert end == instant("2026-03-08T08:00-04:00")
    assert end - evening == timedelta(hours=9)


def test_night_of_the_autumn_change_is_an_hour_longer() -> None:
    evening = instant("2026-10-31T22:00-04:00")
    end = NIGHT.ended_by(evening, NEW_YORK)
    assert end == instant("2026-11-01T08:00-05:00")
    assert end - evening == timedelta(hours=11)


def test_end_in_the_hour_that_is_lived_twice_ends_once_in_each() -> None:
    until_half_past_one = QuietHours(time(1), time(1, 30))
    first, second = instant("2026-11-01T01:10-04:00"), instant("2026-11-01T01:10-05:00")
    assert until_half_past_one.ended_by(first, NEW_YORK) == instant("2026-11-01T01:30-04:00")
    assert until_half_past_one.ended_by(second, NEW_YORK) == instant("2026-11-01T01:30-05:00")


def test_end_that_the_clock_skips_comes_after_the_gap() -> None:
    until_half_past_two = QuietHours(time(22), time(2, 30))
    assert until_half_past_two.ended_by(instant("2026-03-08T01:00-05:00"), NEW_YORK) == instant(
        "2026-03-08T03:30-04:00"
    )


@given(
    start=st.times(),
    end=st.times(),
    minutes=st.integers(0, 10 * 365 * 24 * 60),
    zone=st.sampled_from([NEW_YORK, "Europe/Berlin", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
)
def test_a_deferred_moment_is_later_within_a_day_and_no_longer_quiet(
    start: time, end: time, minutes: int, zone: str
) -> None:
    now = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = QuietHours(start, end)
    until = hours.ended_by(now, zone)
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        again = hours.ended_by(until, zone)
        # Only an end in the hour that is lived twice is met quiet again, an hour before its second time.
        assert again is None or again - until <= timedelta(hours=1)
