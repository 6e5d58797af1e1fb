"""What a proof finds: how much was recomputed, and what differs (`ALL-8`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that should be one, found by a proof: what it is of, and both; and whose, once clinics are many."""

    what: str
    expected: int | str
    found: int | str
    clinic_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """How many figures were recomputed, and those that differ; `counts` is how many there are of what, by its name."""

    figures: int
    differences: Sequence[Difference]
    counts: Mapping[str, int] = field(default_factory=dict)
