"""Bells: a hint across processes that there is something to do, by LISTEN and NOTIFY outside of any transaction.

A NOTIFY inside a transaction takes a database-wide lock at commit and so serializes all commits. It is only a hint
(whoever waits polls as well), so it is sent after the commit, on a connection of its own, many rings in one.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from chassis.database.address import connect
from chassis.database.faults import DATABASE_FAULTS

PAUSE_SECONDS = 0.01
"""After a ring: in a busy moment the next one tells of all that was committed meanwhile."""
RECONNECT_SECONDS = 1.0
TIMEOUT_SECONDS = 5.0


class Bell:
    """Rings bells for other processes, and wakes this one when theirs ring."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: dict[str, asyncio.Event] = {}
        self._listening: set[str] = set()
        self._rung: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._connection: asyncpg.Connection | None = None

    def ring(self, name: str) -> None:
        """Wake whoever waits for this bell, here and in other processes. Never blocks, never fails."""
        if name in self._waiting:
            self._waiting[name].set()
        self._rung.add(name)
        self._stir()

    def waiting(self, name: str) -> asyncio.Event:
        """An event that is set whenever this bell rings; the caller clears it before it looks for work."""
        event = self._waiting.setdefault(name, asyncio.Event())
        self._stir()
        return event

    async def close(self) -> None:
        """Stop, and close the connection."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._disconnect()

    def _stir(self) -> None:
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="bell")

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    await self._exchange()
                await asyncio.sleep(PAUSE_SECONDS)
            except DATABASE_FAULTS:
                # A lost hint costs one poll interval, nothing else.
                await self._disconnect()
                await asyncio.sleep(RECONNECT_SECONDS)
                self._wake.set()

    async def _exchange(self) -> None:
        connection = await self._connected()
        for name in self._waiting.keys() - self._listening:
            await connection.add_listener(name, self._heard)
            self._listening.add(name)
        rung, self._rung = self._rung, set()
        for name in sorted(rung):
            await connection.execute("SELECT pg_notify($1, '')", name)

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._listening.clear()
            self._connection = await connect(self._url, {"application_name": "bell"})
            self._connection.add_termination_listener(lambda _: self._wake.set())
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    def _heard(self, _connection: Any, _pid: int, name: str, _payload: object) -> None:
        if name in self._waiting:
            self._waiting[name].set()
