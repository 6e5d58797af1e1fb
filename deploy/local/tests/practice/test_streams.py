"""Waiting for a common point: as long as a backlog gets less, however long it is, and not for one that stands still."""

from __future__ import annotations

import pytest
from local_stack.practice.problems import Stuck
from local_stack.practice.streams import AWAITED, Point, SetAside, _Patience

SECONDS = 0.2


async def test_a_backlog_that_gets_less_is_waited_for_longer_than_one_that_stands_still() -> None:
    """ALL-8: services may be compared only once all that was announced is consumed."""
    patience = _Patience(SECONDS)
    for left in range(8, 0, -1):
        await patience.pause(left, "receipts has messages before it", SECONDS / 4)
    with pytest.raises(Stuck, match="receipts has messages before it"):
        for _ in range(8):
            await patience.pause(1, "receipts has messages before it", SECONDS / 4)


def letter(key: str, reason: str, state: str = "waiting", service: str = "receipts") -> SetAside:
    return SetAside(service, state, "billing.invoice.issued.v1", "invoice", reason, 1, key)


def test_what_waits_for_the_register_is_told_from_what_is_stuck() -> None:
    """ALL-8, ALL-11: it, and what waits behind it of the same patient in the same service; nothing else."""
    first = letter("ada", AWAITED.format("ada"))
    behind = letter("ada", "an earlier message of this key is set aside")
    others = [
        letter("bob", "an earlier message of this key is set aside"),
        letter("ada", "invoice 7 is not known yet", service="payments"),
        letter("eve", AWAITED.format("ada")),
    ]
    dead = letter("ada", AWAITED.format("ada"), state="dead")
    point = Point(set_aside=[first, behind, *others, dead])
    assert point.for_the_register == [first, behind]
    assert point.waiting == others
