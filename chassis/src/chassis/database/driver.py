"""The driver's own connection, for statements on hot paths: asyncpg without SQLAlchemy's work around it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection


async def driver_of(connection: AsyncConnection) -> Any:
    """The asyncpg connection under a SQLAlchemy one; what runs on it is in the same transaction.

    Parameters are `$1`, `$2`, …; statements are prepared once a connection. A statement costs half of what it costs
    through SQLAlchemy, which pays where a request makes few of them and there are hundreds of requests a second.
    """
    return (await connection.get_raw_connection()).driver_connection
