"""Waiting briefly for what an event is about to bring (`RCP-5`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

_FIRST_PAUSE_SECONDS = 0.02
_PAUSE_MAX_SECONDS = 0.2


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
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 2, _PAUSE_MAX_SECONDS)
