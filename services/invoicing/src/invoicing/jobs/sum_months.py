"""Every hour: what the closed months of each clinic collected is summed (`PAY-16`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.database import Database
from chassis.database.clinic_directory import all_clinics
from chassis.messaging.jobs import each_clinic
from chassis.resources import Resources

from invoicing.use_cases.sum_collected_months import sum_collected_months


async def sum_months(resources: Resources) -> None:
    """Go through all clinics."""
    await each_clinic(
        "job:sum_months", await all_clinics(resources.database), partial(_sum_months_of, resources.database)
    )


async def _sum_months_of(database: Database, clinic_ids: Sequence[UUID]) -> None:
    for clinic_id in clinic_ids:
        await sum_collected_months(database, clinic_id)
