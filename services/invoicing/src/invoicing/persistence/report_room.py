"""Room for what a report sorts and adds up: by default PostgreSQL goes to its disk for a hundred thousand rows."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# For each sort and each table of sums of a statement, until the transaction ends; what is not needed is not taken.
_ROOM = text("SELECT set_config('work_mem', '48MB', true)")


async def make_room(connection: AsyncConnection) -> None:
    """Let this transaction's statements hold what they work on in memory."""
    await connection.execute(_ROOM)
