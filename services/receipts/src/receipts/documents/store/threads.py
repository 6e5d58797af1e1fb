"""Threads for questions to a file system that may never answer: whoever asks goes on, and the process ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from receipts.documents.store.objects import ObjectsUnreachable

T = TypeVar("T")


class AllHang(Exception):
    """Each thread waits for an answer that nobody waits for any more, or the machine has no further one."""


class Threads:
    """At most so many questions at once. Where all hang nobody stands in line, and the process may end."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = asyncio.Semaphore(most)
        self._left = 0

    async def run(self, function: Callable[[], T]) -> T:
        """What the function returns or raises; its thread goes on where the caller is cancelled. Raises AllHang."""
        if self._left >= self._most:
            raise AllHang
        await self._free.acquire()
        loop = asyncio.get_running_loop()
        answer = loop.create_future()

        def settle(value: T | None, error: BaseException | None) -> None:
            self._free.release()
            if answer.cancelled():
                self._left -= 1
            elif error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(value)

        try:
            threading.Thread(target=_work, args=(function, loop, settle), name="documents", daemon=True).start()
        except RuntimeError:  # the machine or the container has too many
            self._free.release()
            raise AllHang from None
        try:
            found: T = await answer
        except asyncio.CancelledError:
            self._left += answer.cancelled()
            raise
        return found


def _work(
    function: Callable[[], T], loop: asyncio.AbstractEventLoop, settle: Callable[[T | None, BaseException | None], None]
) -> None:
    value: T | None = None
    error: BaseException | None = None
    try:
        value = function()
    except (OSError, ObjectsUnreachable) as fault:
        error = fault
    except BaseException as unforeseen:
        error = unforeseen
        raise
    finally:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            loop.call_soon_threadsafe(settle, value, error)
