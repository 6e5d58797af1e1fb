"""What was collected for one procedure code of one provider, and sums of such (`PAY-16`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

Key = tuple[UUID | None, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Collected:
    """What lines of one kind, and of one code where they have any, collected for a provider; minor units."""

    provider_id: UUID | None
    provider_name: str | None
    kind: str
    code_system: str | None
    code: str | None
    description: str | None
    collected: int

    @property
    def key(self) -> Key:
        """What there is one sum for."""
        return self.provider_id, self.kind, self.code_system, self.code

    def plus(self, other: Collected) -> Collected:
        """Both together. Names may have changed: the last in the alphabet is as good as another."""
        return Collected(
            self.provider_id,
            _last(self.provider_name, other.provider_name),
            self.kind,
            self.code_system,
            self.code,
            _last(self.description, other.description),
            self.collected + other.collected,
        )


def added_up(rows: Iterable[Collected]) -> list[Collected]:
    """One row for each key, without those that come to nothing."""
    sums: dict[Key, Collected] = {}
    for row in rows:
        known = sums.get(row.key)
        sums[row.key] = row if known is None else known.plus(row)
    return [row for row in sums.values() if row.collected]


def _last(one: str | None, other: str | None) -> str | None:
    return max((name for name in (one, other) if name is not None), default=None)
