"""asyncpg itself, for the two statements of a payment: SQLAlchemy's part in them costs as much as the rest together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection


async def driver_of(connection: AsyncConnection) -> Any:
    """The asyncpg connection of this transaction."""
    return (await connection.get_raw_connection()).driver_connection


def as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as one parameter, which PostgreSQL makes a recordset of again."""
    # asyncpg's own UUIDs, which rows have, are none to orjson.
    return orjson.dumps(rows, default=str).decode()
