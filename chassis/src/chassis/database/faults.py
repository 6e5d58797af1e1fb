"""What the database and the way to it may raise: said once, lest a loop end over what another outlives."""

from __future__ import annotations

import asyncpg

DRIVER_FAULTS = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""A connection that is not to be used: closed, or cut while asyncpg was asking something of its own."""
DATABASE_FAULTS = (asyncpg.PostgresError, *DRIVER_FAULTS, OSError, TimeoutError)
"""Everything that may come of a statement through asyncpg itself; through SQLAlchemy it is a DBAPIError."""
