"""How far behind a service is, for `/health/ready`; counted up to a bound, so that asking stays cheap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import text

from chassis.database import Database

Figures = Callable[[], Awaitable[dict[str, float]]]

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
