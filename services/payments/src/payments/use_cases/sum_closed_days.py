"""Sum the days that nothing can be booked on any more, so that opening cash is read and not added up (`PAY-10`)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from payments.domain.errors import ClinicNotConfigured
from payments.persistence import clinics, day_sheets

if TYPE_CHECKING:
    from chassis.database import Database

OPEN_DAYS = 3
"""Today and the two days before: a clinic that moves from UTC+14 to UTC-12 lives a day again, and clocks differ."""
DAYS_AT_ONCE = 31
STEPS_MAX = 1_000


async def sum_closed_days(database: Database, clinic_id: UUID) -> None:
    """Sum a clinic's days up to the third last, a month in each transaction. Interrupted, it goes on where it was."""
    for _ in range(STEPS_MAX):
        async with database.transaction([clinic_id], "job:sum_closed_days") as work:
            try:
                clinic = await clinics.clinic_of(work.connection, clinic_id)
            except ClinicNotConfigured:
                return
            last = clinic.today(work.now) - timedelta(days=OPEN_DAYS)
            if not await day_sheets.sum_days(work.connection, clinic_id, last, DAYS_AT_ONCE):
                return
