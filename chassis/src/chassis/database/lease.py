"""Leases: one process at a time does a thing. A session's advisory lock, which ends with the session that holds it."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any

import asyncpg

from chassis.database.address import connect

_CONNECT_SECONDS = 10.0
_COMMAND_SECONDS = 15.0
"""A holder whose machine lost the network gives up by itself before another one is let in."""
_NOTICED_SOON = {
    "statement_timeout": "10s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""What a machine held that vanished without a goodbye is let go after 10 + 3 x 3 seconds, not after minutes."""


def lock_number(name: str) -> int:
    """The advisory lock of a name: 63 bits of its hash."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


class LeaseLost(ConnectionError):
    """The connection that held the lease is gone, and with it the lease: another process may have it already."""


class Lease:
    """One connection that holds, or tries to hold, named locks. When it breaks, all of them are free again."""

    def __init__(self, url: str, holder: str) -> None:
        self._url = url
        self._holder = holder
        self._connection: asyncpg.Connection | None = None
        self._held: set[str] = set()
        self.lost = asyncio.Event()
        """Set when the connection ends while it holds something."""

    def connection(self) -> asyncpg.Connection:
        """The connection that holds the lease. What is written through it is written only while the lease holds.

        Raises LeaseLost: a connection made anew would hold nothing.
        """
        if self._connection is None or self._connection.is_closed() or not self._held:
            raise LeaseLost
        return self._connection

    async def take(self, name: str) -> bool:
        """Try to take a lock; False where another session has it."""
        connection = await self._connected()
        taken = bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_number(name)))
        if taken:
            self._held.add(name)
        return taken

    async def give_back(self, name: str) -> None:
        """Let a lock go."""
        self._held.discard(name)
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.execute("SELECT pg_advisory_unlock($1)", lock_number(name))

    async def close(self) -> None:
        """Let everything go."""
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            connection.terminate()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._held.clear()
            self.lost.clear()
            self._connection = await connect(
                self._url,
                {"application_name": self._holder} | _NOTICED_SOON,
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
            )
            self._connection.add_termination_listener(self._ended)
        return self._connection

    def _ended(self, connection: Any) -> None:
        if connection is self._connection and self._held:
            self.lost.set()
