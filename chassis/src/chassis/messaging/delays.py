"""Growing delays between attempts: short again once it went well for a while."""

from __future__ import annotations

from time import monotonic

IN_VAIN_MAX = 3
"""So often in a row something comes to nothing until that is said, whatever is tried meanwhile."""


class Delays:
    """The next delay is twice the last one, up to the longest; the first again after a time without any."""

    def __init__(self, first_seconds: float, longest_seconds: float) -> None:
        self._first = first_seconds
        self._longest = longest_seconds
        self._next = first_seconds
        self._asked = monotonic()

    def next(self) -> float:
        """Seconds to wait now."""
        now = monotonic()
        if now - self._asked > 2 * self._longest:  # Of that, the last delay itself was at most one.
            self._next = self._first
        self._asked = now
        delay, self._next = self._next, min(self._next * 2, self._longest)
        return delay
