"""Sweeping: what has done its duty is removed in bounded batches, so that nothing grows without bound.

The inbox is not swept: a replay may bring back a message of any age, and money must not be handled twice (`ALL-7`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from chassis.database.machinery import every_clinic
from chassis.database.outbox import KEPT_DAYS
from chassis.messaging import dead_letters

BATCH = 5_000
MOST_BATCHES = 200

_PUBLISHED = text(
    """
    DELETE FROM outbox WHERE id IN (
        SELECT id FROM outbox WHERE published_at < clock_timestamp() - make_interval(days => :days) LIMIT :batch)
    """
)


async def sweep_outbox(resources: Any) -> None:
    """Remove events that were published long ago; Kafka has them."""
    for _ in range(MOST_BATCHES):
        async with resources.database.transaction([], "job:sweep_outbox") as work, every_clinic(work.connection):
            removed = await work.connection.execute(_PUBLISHED, {"days": KEPT_DAYS, "batch": BATCH})
        if removed.rowcount < BATCH:
            return


async def empty_dismissed_letters(resources: Any) -> None:
    """Take the data from messages that were dismissed long ago: until then somebody may take the dismissal back."""
    days = resources.chassis_settings.dismissed_data_days
    for _ in range(MOST_BATCHES):
        async with resources.database.transaction([], "job:empty_dismissed_letters") as work:
            emptied = await dead_letters.empty_dismissed(work.connection, days, BATCH)
        if emptied < BATCH:
            return
