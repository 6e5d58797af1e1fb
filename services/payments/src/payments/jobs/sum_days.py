"""Every hour: the days of each clinic that are closed are summed (`PAY-10`)."""

from __future__ import annotations

from chassis.resources import Resources

from payments.persistence import clinics
from payments.use_cases.sum_closed_days import sum_closed_days


async def sum_days(resources: Resources) -> None:
    """Go through all clinics."""
    for clinic_id in await clinics.every(resources.database):
        await sum_closed_days(resources.database, clinic_id)
