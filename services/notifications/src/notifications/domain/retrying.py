"""When to try again: growing delays with jitter, given up after a day (`NOT-3`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

FIRST_DELAY: Final = timedelta(seconds=5)
LONGEST_DELAY: Final = timedelta(hours=1)
GIVEN_UP_AFTER: Final = timedelta(days=1)
DOCUMENT_AWAITED: Final = timedelta(hours=1)
"""How long a document that is being made is waited for before that counts as a failure."""
_DOUBLINGS: Final = 12


def delay_before_attempt(attempts: int, jitter: float) -> timedelta:
    """How long to wait after `attempts` failed ones: doubled each time, up to an hour, spread by 20 % either way.

    `jitter` is in [0, 1).
    """
    doubled = FIRST_DELAY * 2 ** min(max(attempts, 1) - 1, _DOUBLINGS)
    capped: timedelta = min(doubled, LONGEST_DELAY)
    return capped * (0.8 + 0.4 * jitter)


def is_given_up(first_failed_at: datetime, next_attempt_at: datetime) -> bool:
    """Whether the next attempt would come more than a day after the first failure."""
    return next_attempt_at - first_failed_at > GIVEN_UP_AFTER


def delay_for_document(waited: timedelta, asked_for: timedelta) -> timedelta:
    """How long to wait for a document that is being made: what its keeper asked for, growing to a minute.

    Thousands that wait ask for each of theirs, and take from who makes them what that costs.
    """
    return max(asked_for, min(waited / 4, timedelta(minutes=1)))


def delay_while_unknown(waited: timedelta) -> timedelta:
    """How long to wait for facts that have not arrived: half of the time waited so far, within 0.2 s and 5 min."""
    return min(max(waited / 2, timedelta(milliseconds=200)), timedelta(minutes=5))
