"""How far behind a service is, for `/health/ready` and as metrics; counted up to a bound, so always cheap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from chassis.database import Database
from chassis.telemetry import meter

if TYPE_CHECKING:
    from chassis.resources import Figures, Resources

_gauges = {
    "outbox_unpublished": meter.create_gauge("dental_billing.outbox.unpublished", unit="{message}"),
    "outbox_oldest_seconds": meter.create_gauge("dental_billing.outbox.oldest", unit="s"),
    "messages_waiting": meter.create_gauge("dental_billing.messages.waiting", unit="{message}"),
    "messages_dead": meter.create_gauge("dental_billing.messages.dead", unit="{message}"),
}

_BEHIND = text(
    """
    SELECT (SELECT count(*) FROM (SELECT FROM outbox WHERE published_at IS NULL LIMIT 100000) AS o) AS unpublished,
           coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)
                       FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 1), 0) AS oldest_seconds,
           (SELECT count(*) FROM (SELECT FROM dead_letters WHERE state = 'waiting' LIMIT 100000) AS w) AS waiting,
           (SELECT count(*) FROM (SELECT FROM dead_letters WHERE state = 'dead' LIMIT 100000) AS d) AS dead
    """
)


def figures_of(database: Database) -> Figures:
    """What is not published yet, how old the oldest of it is, and what is set aside."""

    async def figures() -> dict[str, float]:
        async with database.reading([]) as connection:
            row = (await connection.execute(_BEHIND)).one()
        return {
            "outbox_unpublished": row.unpublished,
            "outbox_oldest_seconds": round(float(row.oldest_seconds), 3),
            "messages_waiting": row.waiting,
            "messages_dead": row.dead,
        }

    return figures


async def measure(resources: Resources) -> None:
    """Record the figures as gauges; a job, so one process of the service does it."""
    for name, value in (await figures_of(resources.database)()).items():
        _gauges[name].set(value, {"service.name": resources.name})
