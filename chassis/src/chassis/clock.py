"""Time as something that is asked for, so that tests can move it, and a clinic's calendar day."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""What a practice's records are dated between, old ones too: an empty date of another system (0001-01-01) is none."""
FIRST_MONEY = date(1990, 1, 1)
"""Before it, no money came that is recorded here (`PAY-18`)."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self._now += by


def uptime() -> float:
    """Seconds since this machine began, which nobody sets; they go on while a process, or the machine, stands still."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """An IANA time zone. Raises ZoneInfoNotFoundError for whatever is no name of one.

    Python looks for a file of that name, and tells by OSError that it is a directory (`America`): that would be taken
    for a fault of the surroundings, which is waited for (`ALL-7`).
    """
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        raise ZoneInfoNotFoundError(name) from None


def today(now: datetime, zone_name: str) -> date:
    """The calendar day of an instant in a clinic's zone (`INV-7`, `INV-9`, `PAY-10`)."""
    return now.astimezone(zone(zone_name)).date()
