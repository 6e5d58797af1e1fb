"""What a drawn picture has to fit into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """At most so many pixels wide and high, and so many bytes as a file."""

    width: int
    height: int
    largest_bytes: int

    def as_arguments(self) -> list[str]:
        """For the command line of a drawing process."""
        return [str(self.width), str(self.height), str(self.largest_bytes)]

    @classmethod
    def of_arguments(cls, given: Sequence[str]) -> Frame:
        """As `as_arguments` wrote it."""
        width, height, largest_bytes = (int(one) for one in given)
        return cls(width, height, largest_bytes)

    def scale(self, width: float, height: float) -> float:
        """By how much something of that size is to be enlarged or reduced to fill it."""
        return min(self.width / width, self.height / height)
