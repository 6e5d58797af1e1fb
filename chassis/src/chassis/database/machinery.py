"""The chassis's own look at what it keeps of all clinics: the outbox and the dead letters (`ALL-4`).

Both are under row-level security as every clinic's table is: a request sees its clinic's rows of them and a batch its
clinics'. The relay, the retries, the figures and an operator go through all clinics', and say so: for as long as
`every_clinic` lasts, and of these two tables only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

SEE_ALL = "SET app.machinery = 'on'"
"""For a connection that does nothing else, as the relay's."""

_BEGIN = text("SELECT set_config('app.machinery', 'on', true)")
_END = text("SELECT set_config('app.machinery', '', true)")


@asynccontextmanager
async def every_clinic(connection: AsyncConnection) -> AsyncIterator[None]:
    """In this transaction, see and write the outbox and the dead letters of every clinic; no other table's rows."""
    await connection.execute(_BEGIN)
    yield
    # After an error the transaction is void, and the setting ends with it.
    await connection.execute(_END)
