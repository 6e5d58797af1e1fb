"""Every hour: the days of each clinic that are closed are summed (`PAY-10`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import all_clinics
from chassis.messaging.jobs import each_clinic
from chassis.resources import Resources

from payments.use_cases.sum_closed_days import sum_closed_days


async def sum_days(resources: Resources) -> None:
    """Go through all clinics."""
    await each_clinic("job:sum_days", await all_clinics(resources.database), partial(_sum_days_of, resources.database))


async def _sum_days_of(database: Database, clinic_ids: Sequence[UUID]) -> None:
    for clinic_id in clinic_ids:
        await sum_closed_days(database, clinic_id)
