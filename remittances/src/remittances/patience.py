"""Asking again when a service says when to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Container

import httpx

ATTEMPTS, LONGEST_WAIT_SECONDS = 20, 5
TOO_MUCH = (429, 503)
"""More is asked of the service than it can answer at the moment."""


async def patiently(
    ask: Callable[[], Awaitable[httpx.Response]], statuses: Container[int] = range(400, 600)
) -> httpx.Response:
    """The answer; one of these statuses with Retry-After is not the last word for a while. Raises httpx.HTTPError."""
    for _ in range(ATTEMPTS):
        answer = await ask()
        wait = answer.headers.get("Retry-After", "")
        if answer.status_code not in statuses or not wait.isdecimal():
            break
        await asyncio.sleep(min(int(wait), LONGEST_WAIT_SECONDS))
    return answer
