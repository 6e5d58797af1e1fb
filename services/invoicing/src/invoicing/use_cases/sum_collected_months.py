"""Sum what closed months collected, so that reports of long periods read it and do not add it up (`PAY-16`)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from chassis.clock import today
from chassis.database import Database, Work

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.period import Period
from invoicing.persistence import clinics, collected_months

OPEN_DAYS = 3
"""As long after its end a month is left alone: what is still on its way would have it summed again."""
MONTHS_AT_ONCE = 12
STEPS_MAX = 400


async def sum_collected_months(database: Database, clinic_id: UUID) -> None:
    """Sum a clinic's closed months that are not, or not rightly, a year in each transaction.

    Interrupted, it goes on where it was. Where an entry came late, its month and all that follow are summed again.
    """
    for _ in range(STEPS_MAX):
        async with database.transaction([clinic_id], "job:sum_months") as work:
            clinic = (await clinics.find_many(work.connection, [clinic_id])).get(clinic_id)
            months = await _to_be_summed(work, clinic) if clinic else []
            if clinic is None or not months:
                return
            await collected_months.keep(work.connection, clinic_id, months, clinic.time_zone)


async def _to_be_summed(work: Work, clinic: ClinicSettings) -> list[Period]:
    until = today(work.now, clinic.time_zone) - timedelta(days=OPEN_DAYS)
    first = await _first_day(work, clinic, until)
    months: list[Period] = []
    while first and len(months) < MONTHS_AT_ONCE and (month := Period.of_month(first)).last <= until:
        months.append(month)
        first = month.following
    return months


async def _first_day(work: Work, clinic: ClinicSettings, until: date) -> date | None:
    """After the months that are summed, else the month in which anything first settled an invoice."""
    standing = await collected_months.standing(work.connection, clinic.clinic_id, until, clinic.time_zone)
    if standing:
        return Period.of_month(standing[-1]).following
    began = await collected_months.first_settled_at(work.connection, clinic.clinic_id)
    return None if began is None else today(began, clinic.time_zone)
