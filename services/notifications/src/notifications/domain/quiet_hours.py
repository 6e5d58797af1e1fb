"""Hours in which nobody is disturbed: they defer, they do not drop (`NOT-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from chassis.clock import zone


@dataclass(frozen=True)
class QuietHours:
    """From `start` until before `end` on the wall clock of whoever would be disturbed; over midnight if start > end."""

    start: time
    end: time

    def ended_by(self, now: datetime, zone_name: str) -> datetime | None:
        """When the quiet hours around `now` end (UTC), or None outside of them.

        The wall clock decides: on the night of a clock change the hours are an hour shorter or longer, and an end that
        the clock skips comes as long after the gap as it stands in it.
        """
        local = now.astimezone(zone(zone_name))
        if not self._covers(local.time()):
            return None
        ends_tomorrow = self.start > self.end and local.time() >= self.start
        day = local.date() + timedelta(days=1) if ends_tomorrow else local.date()
        end = _on_the_clock(day, self.end, zone_name)
        # In the hour that is lived twice, the first end may already lie behind.
        return end if end > now else _on_the_clock(day, self.end, zone_name, fold=1)

    def _covers(self, clock: time) -> bool:
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


def _on_the_clock(day: date, at: time, zone_name: str, fold: int = 0) -> datetime:
    """The UTC instant of a wall clock time; one that a clock change skips is mapped by the offset before the gap."""
    return datetime.combine(day, at, tzinfo=zone(zone_name)).replace(fold=fold).astimezone(UTC)
