"""What a proof finds: how much was recomputed, and what differs (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that should be one, found by a proof: what it is of, and both."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Proven:
    """How many figures were recomputed, and those that differ."""

    figures: int
    differences: Sequence[Difference]
