"""Leases: one process at a time does a thing. A session's advisory lock, which ends with the session that holds it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine
from typing import Any, TypeVar

import asyncpg

from chassis.database.address import connect
from chassis.database.faults import DATABASE_FAULTS, ReadOnly

Result = TypeVar("Result")

_ASKED_SECONDS = 3.0
_COMMAND_SECONDS = 10.0
"""A holder that has lost the way to the database gives up by itself, after 3 + 10 seconds at most: before the server
does (`NOTICED_SOON`), and another one is let in."""
_SETTINGS = {"statement_timeout": "8s"}
_TAKE = "SELECT pg_try_advisory_lock($1) AS taken, current_setting('transaction_read_only') = 'on' AS read_only"


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

    @property
    def held(self) -> bool:
        """Whether it holds anything, as far as it knows."""
        return bool(self._held) and self._connection is not None and not self._connection.is_closed()

    def connection(self) -> asyncpg.Connection:
        """The connection that holds the lease. What is written through it is written only while the lease holds.

        Raises LeaseLost: a connection made anew would hold nothing.
        """
        if self._connection is None or self._connection.is_closed() or not self._held:
            raise LeaseLost
        return self._connection

    async def take(self, name: str) -> bool:
        """Try to take a lock; False where another session has it.

        Raises ReadOnly for a server that takes no writes: a standby has locks of its own, which hold nobody off.
        """
        connection = await self._connected()
        found = await connection.fetchrow(_TAKE, lock_number(name))
        if found["read_only"]:
            await self.close()
            raise ReadOnly("the database takes no writes")
        if found["taken"]:
            self._held.add(name)
        return bool(found["taken"])

    async def give_back(self, name: str) -> None:
        """Let a lock go."""
        self._held.discard(name)
        if self._connection is not None and not self._connection.is_closed():
            await self._connection.execute("SELECT pg_advisory_unlock($1)", lock_number(name))

    async def hold(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do something for as long as the lease is held; what it comes to.

        The connection is asked every few seconds meanwhile, so the work is not to use it. Raises LeaseLost, once the
        work was cut short, where the lease is gone or nobody answers: another process may begin the same.
        """
        working = asyncio.create_task(work)
        lost = asyncio.create_task(self.lost.wait())
        try:
            while not working.done():
                await asyncio.wait({working, lost}, timeout=_ASKED_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if not working.done() and not await self._is_held():
                    await self.close()
                    raise LeaseLost
            return await working
        finally:
            for task in (working, lost):
                task.cancel()
            await asyncio.gather(working, lost, return_exceptions=True)

    async def close(self) -> None:
        """Let everything go."""
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            connection.terminate()

    async def _is_held(self) -> bool:
        if self.lost.is_set():
            return False
        try:
            await self.connection().execute("SELECT 1")
        except DATABASE_FAULTS:
            return False
        return True

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._held.clear()
            self.lost.clear()
            self._connection = await connect(
                self._url,
                {"application_name": self._holder} | _SETTINGS,
                command_timeout=_COMMAND_SECONDS,
            )
            self._connection.add_termination_listener(self._ended)
        return self._connection

    def _ended(self, connection: Any) -> None:
        if connection is self._connection and self._held:
            self.lost.set()
