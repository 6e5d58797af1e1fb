"""The days that a report is about, and where they begin and end in the clinic's zone (`PAY-16`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chassis.clock import FIRST_DAY, LAST_DAY, zone


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date = FIRST_DAY
    last: date = LAST_DAY

    @classmethod
    def of_month(cls, day: date) -> Period:
        """The calendar month that a day is in."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    @property
    def has_a_whole_month(self) -> bool:
        """Whether any calendar month lies wholly in it."""
        first = self.first if self.first.day == 1 else Period.of_month(self.first).following
        return Period.of_month(first).last <= self.last

    @property
    def following(self) -> date:
        """The day after its last."""
        return self.last + timedelta(days=1)

    def begins_at(self, zone_name: str) -> datetime:
        """The instant at which its first day begins."""
        return _midnight(self.first, zone_name)

    def ends_at(self, zone_name: str) -> datetime:
        """The instant at which the day after its last begins; what was before it counts."""
        return _midnight(self.following, zone_name)


def _midnight(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time.min, zone(zone_name)).astimezone(UTC)
