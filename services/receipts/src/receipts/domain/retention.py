"""How long documents are kept: as the law has it, in whole years after the one that they are of (`ALL-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from chassis.clock import today

RETENTION_YEARS = 10
"""Where the clinic says nothing: the longest that its laws ask for (decision 0049)."""


@dataclass(frozen=True, slots=True)
class Retention:
    """What a clinic keeps: `years` whole years, by the days of its zone (an IANA name)."""

    years: int
    time_zone: str

    def kept_from(self, now: datetime) -> date:
        """The first day of which documents are still kept; the retention of what is of an earlier one has ended."""
        return date(today(now, self.time_zone).year - self.years, 1, 1)
