"""Every hour: what the closed months of each clinic collected is summed (`PAY-16`)."""

from __future__ import annotations

from chassis.resources import Resources

from invoicing.jobs.prove_clinics import all_clinics
from invoicing.use_cases.sum_collected_months import sum_collected_months


async def sum_months(resources: Resources) -> None:
    """Go through all clinics."""
    for clinic_id in await all_clinics(resources):
        await sum_collected_months(resources.database, clinic_id)
