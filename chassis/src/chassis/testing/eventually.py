"""Waiting for what is bound to happen, without sleeping for longer than it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE_SECONDS = 0.02


async def eventually(check: Callable[[], Awaitable[T | None]], *, within_seconds: float = 10.0) -> T:
    """What `check` gives once it is true, asked again and again; a failing assertion in it counts as not yet.

    Raises the last AssertionError, or one of its own, when it was not true within the time.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within_seconds
    while True:
        failure: AssertionError | None = None
        found: T | None = None
        try:
            found = await check()
        except AssertionError as error:
            failure = error
        if failure is None and found:
            return found
        if loop.time() >= deadline:
            raise failure or AssertionError(f"not within {within_seconds} s; last seen: {found!r}")
        await asyncio.sleep(_PAUSE_SECONDS)
