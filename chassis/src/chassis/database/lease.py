"""Leases: one process at a time does a thing. A session's advisory lock, which ends with the session that holds it."""

from __future__ import annotations

import hashlib

import asyncpg


def lock_number(name: str) -> int:
    """The advisory lock of a name: 63 bits of its hash."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


class Lease:
    """One connection that holds, or tries to hold, named locks. When it breaks, all of them are free again."""

    def __init__(self, url: str, holder: str) -> None:
        self._dsn = url.replace("postgresql+asyncpg://", "postgresql://")
        self._holder = holder
        self._connection: asyncpg.Connection | None = None

    async def connection(self) -> asyncpg.Connection:
        """The connection itself. What is written through it is written only while the lease holds."""
        if self._connection is None or self._connection.is_closed():
            settings = {"application_name": self._holder, "statement_timeout": "30s", "tcp_keepalives_idle": "10"}
            self._connection = await asyncpg.connect(self._dsn, server_settings=settings, timeout=10)
        return self._connection

    async def take(self, name: str) -> bool:
        """Try to take a lock; False where another session has it."""
        connection = await self.connection()
        return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", lock_number(name)))

    async def give_back(self, name: str) -> None:
        """Let a lock go."""
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.execute("SELECT pg_advisory_unlock($1)", lock_number(name))

    async def close(self) -> None:
        """Let everything go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
