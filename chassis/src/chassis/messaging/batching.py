"""What many ask for in the same moment, done once for all of them: one transaction or inquiry, not one for each."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass
class _Batch(Generic[Item, Answer]):
    items: list[Item] = field(default_factory=list)
    task: asyncio.Task[Answer] = field(init=False)


class Batcher(Generic[Key, Item, Answer]):
    """Whoever adds something waits for what `do` answers to all that was added under that key in the same moment."""

    def __init__(self, do: Callable[[Key, list[Item]], Awaitable[Answer]], *, most: int, name: str) -> None:
        self._do = do
        self._most = most
        self._name = name
        self._open: dict[Key, _Batch[Item, Answer]] = {}

    async def add(self, key: Key, item: Item) -> Answer:
        """What came of all together, `most` at once. Raises what `do` raises, in all whose batch it was."""
        batch = self._open.get(key)
        if batch is None or len(batch.items) >= self._most:
            batch = self._open[key] = _Batch()
            batch.task = asyncio.create_task(self._done(key, batch), name=f"{self._name} {key}")
        batch.items.append(item)
        return await asyncio.shield(batch.task)

    async def _done(self, key: Key, batch: _Batch[Item, Answer]) -> Answer:
        await asyncio.sleep(0)  # whoever else is about to come comes along
        if self._open.get(key) is batch:
            del self._open[key]
        return await self._do(key, batch.items)
