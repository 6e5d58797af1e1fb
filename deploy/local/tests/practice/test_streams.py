"""Waiting for a common point: as long as a backlog gets less, however long it is, and not for one that stands still."""

from __future__ import annotations

import pytest
from local_stack.practice.problems import Stuck
from local_stack.practice.streams import _Patience

SECONDS = 0.2


async def test_a_backlog_that_gets_less_is_waited_for_longer_than_one_that_stands_still() -> None:
    """ALL-8: services may be compared only once all that was announced is consumed."""
    patience = _Patience(SECONDS)
    for left in range(8, 0, -1):
        await patience.pause(left, "receipts has messages before it", SECONDS / 4)
    with pytest.raises(Stuck, match="receipts has messages before it"):
        for _ in range(8):
            await patience.pause(1, "receipts has messages before it", SECONDS / 4)
