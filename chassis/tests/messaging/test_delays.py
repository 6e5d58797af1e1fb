"""How long is waited before another attempt."""

from __future__ import annotations

import pytest
from chassis.messaging import delays
from chassis.messaging.delays import Delays


def test_delays_grow_up_to_the_longest_and_are_short_again_after_a_good_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(delays, "monotonic", lambda: now)
    waits = Delays(1.0, 8.0)
    given = []
    for _ in range(6):
        given.append(waits.next())
        now += given[-1]
    assert given == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]
    now += 7.9
    assert waits.next() == 8.0
    now += 16.1
    assert waits.next() == 1.0
