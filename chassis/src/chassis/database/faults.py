"""What the database and the way to it may raise: said once, lest a loop end over what another outlives."""

from __future__ import annotations

import socket

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

DRIVER_FAULTS = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""A connection that is not to be used: closed, or cut while asyncpg was asking something of its own."""
DATABASE_FAULTS = (asyncpg.PostgresError, *DRIVER_FAULTS, OSError, TimeoutError)
"""Everything that may come of a statement through asyncpg itself."""
SESSION_FAULTS = (DBAPIError, PoolTimeout, *DATABASE_FAULTS)
"""Everything that may come of a transaction through SQLAlchemy: also that no connection was free in time."""
CUT = (OSError, asyncpg.PostgresConnectionError, *DRIVER_FAULTS, asyncpg.OperatorInterventionError)
"""A connection that was ended while nobody used it."""
UNKNOWN_HOST = (socket.EAI_NONAME, socket.EAI_NODATA)
"""A name that is nobody's: not that whoever knows names does not answer at the moment."""

_READ_ONLY = "25006"
_AWAY = (
    "08",  # the connection
    "53",  # no room on the disk, in memory, for connections
    "57",  # somebody ends, starts or drops it
    "58",  # what it stands on: a disk that cannot be read
    "28",  # it does not let our role in
    "3D000",  # it is called otherwise now, or is being made anew
    "55000",  # it takes no connections at the moment
    _READ_ONLY,  # a standby that is not promoted yet; closed to changes while somebody makes room
)
_BUSY = (
    "40001",  # a serialization failure
    "40P01",  # a deadlock
    "55P03",  # a lock not had in time
    "57014",  # a statement that took longer than any may
    "25P03",  # a transaction that lay idle, or took, longer than any may
    "25P04",
)
"""SQLSTATE classes and codes (PostgreSQL, appendix A): whoever waits or tries again has no part in them."""
_UNREACHABLE = (
    OSError,
    TimeoutError,
    *DRIVER_FAULTS,
    asyncpg.InvalidCachedStatementError,  # a migration added a column to a prepared `SELECT *`: made anew by the next
)


class NotLetIn(ConnectionError):
    """The database refuses our role, which may connect no more: its code is that of any right that is lacking."""


class ReadOnly(ConnectionError):
    """The database takes no writes, so that nothing may be done that a write of it has to follow."""


def is_away(error: BaseException) -> bool:
    """Whether the database, as it is now, does for nobody what was asked: it may be back in a moment."""
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or (not is_busy(error) and _is_one_of(error, _AWAY)) or isinstance(cause_of(error), _UNREACHABLE)


def is_busy(error: BaseException) -> bool:
    """Whether others were in the way: trying again can help."""
    return isinstance(error, PoolTimeout) or _is_one_of(error, _BUSY)


def is_disk_full(error: BaseException) -> bool:
    """Whether the server had no room to write; what one statement may not take of it is no such thing."""
    return isinstance(cause_of(error), asyncpg.DiskFullError)


def is_read_only(error: BaseException) -> bool:
    """Whether the server takes no writes."""
    return isinstance(cause_of(error), ReadOnly) or sqlstate_of(error) == _READ_ONLY


def is_refused_value(error: BaseException) -> bool:
    """Whether a value is outside of what a column keeps."""
    return _is_one_of(error, ("22",))


def is_cut_short(error: BaseException) -> bool:
    """Whether the database ended a statement that took longer than any may."""
    return isinstance(cause_of(error), asyncpg.QueryCanceledError)


def is_unreadable(error: BaseException) -> bool:
    """Whether the database's machine could not read, or write, something: a bad block, a file that is gone."""
    return _is_one_of(error, ("58",))


def sqlstate_of(error: BaseException) -> str | None:
    """PostgreSQL's code of an error, through whatever wraps it."""
    code = getattr(cause_of(error), "sqlstate", None)
    return code if isinstance(code, str) else None


def cause_of(error: BaseException) -> BaseException:
    """The driver's own error, where SQLAlchemy tells of it."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def _is_one_of(error: BaseException, codes: tuple[str, ...]) -> bool:
    return (sqlstate_of(error) or "").startswith(codes)
