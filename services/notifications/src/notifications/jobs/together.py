"""What many come to in the same moment, done once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Together(Generic[T]):
    """Whoever is `with_others` waits until `do` is done with all who came in the same moment."""

    def __init__(self, do: Callable[[list[T]], Awaitable[None]], name: str) -> None:
        self._do = do
        self._name = name
        self._coming: list[T] = []
        self._done: asyncio.Task[None] | None = None

    async def with_others(self, one: T) -> None:
        """Raises what `do` raises, in all who came."""
        self._coming.append(one)
        if self._done is None:
            self._done = asyncio.create_task(self._all(), name=self._name)
        await asyncio.shield(self._done)

    async def _all(self) -> None:
        await asyncio.sleep(0)  # whoever else is about to come comes along
        came, self._coming, self._done = self._coming, [], None
        await self._do(came)
