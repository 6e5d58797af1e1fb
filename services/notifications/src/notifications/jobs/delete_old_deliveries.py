"""Every hour: deliveries to endpoints that ended a month ago leave the log, and the mails about them (`NOT-7.6`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database.clinic_directory import clinics_by_part
from chassis.resources import Resources

from notifications.domain.webhook import KEPT_FOR
from notifications.persistence import endpoint_alerts, webhooks

ACTOR = "job:delete_old_deliveries"
EVERY_SECONDS = 3_600.0
AT_ONCE = 1_000
MOST_BATCHES = 100
"""Of a run, for some clinics; what is left is the next one's."""


async def delete_old_deliveries(resources: Resources) -> None:
    """Go through all clinics, in bounded batches."""
    async for clinic_ids in clinics_by_part(resources.database):
        await _delete_of(resources, clinic_ids)


async def _delete_of(resources: Resources, clinic_ids: Sequence[UUID]) -> None:
    async with resources.database.transaction(clinic_ids, ACTOR) as work:
        await endpoint_alerts.delete_old(work, work.now - KEPT_FOR)
    for _ in range(MOST_BATCHES):
        async with resources.database.transaction(clinic_ids, ACTOR) as work:
            deleted = await webhooks.delete_old(work, work.now - KEPT_FOR, AT_ONCE)
        if deleted < AT_ONCE:
            return
