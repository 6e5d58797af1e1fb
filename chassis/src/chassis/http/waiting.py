"""Waiting briefly for what an event is about to bring (`RCP-5`)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import Database
from chassis.database.faults import SESSION_FAULTS
from chassis.http.admission import stepping_out

T = TypeVar("T")
Key = tuple[UUID, Any]
"""A clinic, and what of it is waited for: an id, or whatever tells it."""
Look = Callable[[AsyncConnection, Iterable[Any]], Awaitable[Iterable[Key]]]
"""Which of these are there, of the clinics that the connection sees."""

_FIRST_PAUSE_SECONDS = 0.02
_PAUSE_MAX_SECONDS = 0.2

logger = logging.getLogger(__name__)


async def until_known(check: Callable[[], Awaitable[T | None]], seconds: float = 2.0) -> T | None:
    """What `check` finds, asked again with growing pauses; None when it found nothing within `seconds`.

    `check` opens its own short transaction each time, so that no connection is held while waiting.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    pause = _FIRST_PAUSE_SECONDS
    while True:
        found = await check()
        left = deadline - loop.time()
        if found is not None or left <= 0:
            return found
        async with stepping_out():
            await asyncio.sleep(min(pause, left))
        pause = min(pause * 2, _PAUSE_MAX_SECONDS)


class Arrivals:
    """Waits for rows that events are about to bring: one look for all who wait, whenever the bell rings.

    Whoever brings them rings the bell (`Work.ring`); it is a hint, and a look each fifth of a second the guarantee.
    """

    def __init__(self, database: Database, bell: str, look: Look) -> None:
        self._database = database
        self._bell = bell
        self._look = look
        self._waiting: dict[Key, list[asyncio.Future[None]]] = {}
        self._task: asyncio.Task[None] | None = None

    async def wait(self, clinic_id: UUID, identifier: Any, seconds: float = 2.0) -> bool:
        """Whether it is there, now or within `seconds`. Holds no connection while it waits."""
        key, arrived = (clinic_id, identifier), asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append(arrived)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"arrivals of {self._bell}")
        try:
            async with stepping_out(), asyncio.timeout(seconds):
                await arrived
        except TimeoutError:
            return False
        finally:
            self._leave(key, arrived)
        return True

    def _leave(self, key: Key, arrived: asyncio.Future[None]) -> None:
        left = self._waiting.get(key, [])
        if arrived in left:
            left.remove(arrived)
        if not left:
            self._waiting.pop(key, None)

    async def _run(self) -> None:
        """Look and wait in turn, as long as somebody waits."""
        bell = self._database.bell.waiting(self._bell)
        while self._waiting:
            bell.clear()
            try:
                await self._look_once()
            except SESSION_FAULTS as fault:
                logger.warning("arrivals not seen", extra={"error": type(fault).__name__})
            try:
                async with asyncio.timeout(_PAUSE_MAX_SECONDS):
                    await bell.wait()
            except TimeoutError:
                continue

    async def _look_once(self) -> None:
        wanted = list(self._waiting)
        async with self._database.reading({clinic_id for clinic_id, _ in wanted}) as connection:
            found = await self._look(connection, [identifier for _, identifier in wanted])
        for key in found:
            for arrived in self._waiting.pop(key, []):
                if not arrived.done():
                    arrived.set_result(None)
