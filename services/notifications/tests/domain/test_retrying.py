"""Growing delays, given up after a day (NOT-3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notifications.domain.retrying import (
    FIRST_DELAY,
    GIVEN_UP_AFTER,
    LONGEST_DELAY,
    delay_before_attempt,
    delay_for_document,
    delay_while_unknown,
    is_given_up,
)

JITTER = st.floats(0, 1, exclude_max=True)


@given(attempts=st.integers(1, 1000), jitter=JITTER)
def test_delays_stay_within_their_bounds(attempts: int, jitter: float) -> None:
    delay = delay_before_attempt(attempts, jitter)
    assert FIRST_DELAY * 0.8 <= delay <= LONGEST_DELAY * 1.2


@pytest.mark.rule("NOT-3.2")
@given(attempts=st.integers(1, 1000), jitter=JITTER)
def test_delays_grow_until_an_hour(attempts: int, jitter: float) -> None:
    assert delay_before_attempt(attempts + 1, jitter) >= delay_before_attempt(attempts, jitter)


@given(jitters=st.lists(JITTER, min_size=60, max_size=60))
def test_a_message_that_always_fails_is_given_up_within_a_day_and_two_delays(jitters: list[float]) -> None:
    failed_at = now = datetime(2026, 11, 23, tzinfo=UTC)
    for attempts, jitter in enumerate(jitters, start=1):
        following = now + delay_before_attempt(attempts, jitter)
        if is_given_up(failed_at, following):
            break
        now = following
    assert now - failed_at <= GIVEN_UP_AFTER
    assert is_given_up(failed_at, following)
    assert following - now <= LONGEST_DELAY * 1.2


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_what_is_unknown_is_asked_for_more_and_more_seldom(waited: timedelta) -> None:
    assert timedelta(milliseconds=200) <= delay_while_unknown(waited) <= timedelta(minutes=5)


@given(
    st.timedeltas(timedelta(minutes=4), timedelta(hours=1)), st.timedeltas(timedelta(seconds=1), timedelta(minutes=2))
)
def test_a_document_that_is_late_is_asked_for_once_a_minute_at_most(waited: timedelta, asked_for: timedelta) -> None:
    """NOT-3: what thousands ask for again and again keeps their documents from being made."""
    assert delay_for_document(waited, asked_for) == max(asked_for, timedelta(minutes=1))
