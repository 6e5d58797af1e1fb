"""What many come to in the same moment, done once for all of them: one transaction instead of one for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Batcher(Generic[T]):
    """Whoever adds something waits until `do` is done with all that was added in the same moment."""

    def __init__(self, do: Callable[[list[T]], Awaitable[None]], name: str) -> None:
        self._do = do
        self._name = name
        self._batch: list[T] = []
        self._doing: asyncio.Task[None] | None = None

    async def add(self, one: T) -> None:
        """Have it done. Raises what `do` raises, in all whose batch it was."""
        self._batch.append(one)
        if self._doing is None:
            self._doing = asyncio.create_task(self._all(), name=self._name)
        await asyncio.shield(self._doing)

    async def _all(self) -> None:
        await asyncio.sleep(0)  # whoever else is about to come comes along
        batch, self._batch, self._doing = self._batch, [], None
        await self._do(batch)
