"""Work on a set together, and where one of it fails, on the others without it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from chassis.messaging.errors import is_transient, reason_of

T = TypeVar("T")


async def in_halves(
    those: Sequence[T], do: Callable[[Sequence[T]], Awaitable[None]], failed: Callable[[T, str], None]
) -> None:
    """Do it to all together; where that fails by one of them, halve them until it is alone, and say which and why.

    `do` is all or nothing. Raises what is transient: that is the fault of none of them.
    """
    try:
        await do(those)
    except Exception as fault:
        if is_transient(fault):
            raise
        if len(those) <= 1:
            for one in those:
                failed(one, reason_of(fault))
            return
        middle = len(those) // 2
        await in_halves(those[:middle], do, failed)
        await in_halves(those[middle:], do, failed)
