"""What the database and the way to it may raise: said once, lest a loop end over what another outlives."""

from __future__ import annotations

import socket

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

DRIVER_FAULTS = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""A connection that is not to be used: closed, or cut while asyncpg was asking something of its own."""
CHANGED_SCHEMA = (asyncpg.InvalidCachedStatementError,)
"""A migration added a column to what a prepared `SELECT *` reads: it is prepared anew by the next attempt."""
DATABASE_FAULTS = (asyncpg.PostgresError, *DRIVER_FAULTS, OSError, TimeoutError)
"""Everything that may come of a statement through asyncpg itself."""
SESSION_FAULTS = (DBAPIError, PoolTimeout, *DATABASE_FAULTS)
"""Everything that may come of a transaction through SQLAlchemy: also that no connection was free in time."""
UNKNOWN_HOST = (socket.EAI_NONAME, socket.EAI_NODATA)
"""A name that is nobody's: not that whoever knows names does not answer at the moment."""


def is_disk_full(error: BaseException) -> bool:
    """Whether the server had no room to write; what one statement may not take of it is no such thing."""
    cause = error.orig.__cause__ or error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return isinstance(cause, asyncpg.DiskFullError)
