"""A clinic as payments needs it: its currency and time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.clock import today
from chassis.money import Money


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic's currency and IANA time zone, and above what giving money back needs a second person (`PAY-15`).

    `refund_limit` is None where it never does, and where many clinics are read at once, of which none gives any back.
    """

    currency: str
    time_zone: str
    refund_limit: Money | None = None

    def today(self, now: datetime) -> date:
        """The clinic's calendar day, which everything recorded now is booked on (`PAY-10`)."""
        return today(now, self.time_zone)


@dataclass(frozen=True, slots=True)
class ClinicVersion:
    """One version of a clinic's settings."""

    clinic_id: UUID
    version: int
    currency: str
    time_zone: str
    retention_years: int
    """How many whole years the clinic keeps its books after the one that they are of (`ALL-9`)."""
