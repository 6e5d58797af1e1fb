"""Doing several things at once, in bounds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import islice
from typing import TypeVar

from local_stack.practice.problems import PlayError
from local_stack.practice.wire import CONNECTIONS

T = TypeVar("T")


@asynccontextmanager
async def task_group() -> AsyncIterator[asyncio.TaskGroup]:
    """A task group whose first PlayError comes out as itself, so that its sentence can be shown."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except* PlayError as errors:
        raise _first(errors) from None


async def at_once(items: Iterable[T], action: Callable[[T], Awaitable[None]], workers: int = CONNECTIONS) -> None:
    """Do it for each of the items, a few at once; the first failure ends all."""
    remaining = iter(items)

    async def work() -> None:
        for item in remaining:
            await action(item)

    async with task_group() as group:
        for _ in range(workers):
            group.create_task(work())


def in_chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items, so many at a time."""
    remaining = iter(items)
    while chunk := list(islice(remaining, size)):
        yield chunk


def _first(group: BaseExceptionGroup[PlayError]) -> PlayError:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
