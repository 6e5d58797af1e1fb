"""An invoice's installment plans by time: the version at a transaction, and what was named of it by then (`RCP-9`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from receipts.domain.installment_plan import InstallmentPlan
from receipts.domain.transaction import NamedSettlement, PlanVersion


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version of a plan; `named` is what a release before had counted for it, minor units by installment."""

    plan: InstallmentPlan
    named: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class PlanAtTransaction:
    """The version at a transaction, and what had been named of it before, minor units by installment."""

    plan: InstallmentPlan
    named: dict[UUID, int]

    def with_named(self, settlements: Iterable[NamedSettlement]) -> dict[UUID, int]:
        """What had been named once these are counted, too."""
        return _sums(self.named, settlements)


@dataclass(slots=True)
class PlanHistory:
    """All that is known of the plans of one invoice, in whatever order it was heard of."""

    versions: Sequence[KeptVersion]
    settlements: list[NamedSettlement]

    def count(self, settlements: Iterable[NamedSettlement]) -> None:
        """Count what another transaction named."""
        self.settlements += settlements

    def has(self, installment_id: UUID) -> bool:
        """Whether any version has this installment, or one may have had it that was not kept."""
        return any(
            part.installment_id == installment_id for version in self.versions for part in version.plan.installments
        ) or bool(self._earliest_left())

    def reaches(self, plan: PlanVersion) -> bool:
        """Whether that version of a plan is known, or a later one."""
        return any(one.plan.plan_id == plan.plan_id and one.plan.version >= plan.version for one in self.versions)

    def at(
        self, moment: datetime, place: int | None, named: Iterable[UUID], plan: PlanVersion | None = None
    ) -> PlanAtTransaction | None:
        """The version at a transaction of that moment, which is `place` in the order of the invoice's changes.

        None where there was no plan then, or it had ended. What payments knew was decided before, whatever the clocks
        of two services say: the version that it says (`plan`), and the plan of an installment that it names.
        """
        version = self._in_force(moment, plan) or self._first_with(set(named))
        if version is None or version.plan.end:
            return None
        return PlanAtTransaction(version.plan, self._named(version, moment, place))

    def _in_force(self, moment: datetime, known: PlanVersion | None) -> KeptVersion | None:
        """The newest by then of the plan that was decided last; the first that is kept of others holds since ever."""
        always = [id(version) for version in self._earliest_left()]
        by_plan: dict[UUID, KeptVersion] = {}
        for version in self._in_order():
            if version.plan.decided_at <= moment or id(version) in always or _is_within(version.plan, known):
                by_plan[version.plan.plan_id] = version
        return max(by_plan.values(), key=_lately, default=None)

    def _earliest_left(self) -> list[KeptVersion]:
        """Of each plan of which earlier versions were not kept, the first that was."""
        firsts: dict[UUID, KeptVersion] = {}
        for version in self._in_order():
            firsts.setdefault(version.plan.plan_id, version)
        return [first for first in firsts.values() if first.plan.version > 1]

    def _in_order(self) -> list[KeptVersion]:
        return sorted(self.versions, key=lambda one: one.plan.version)

    def _first_with(self, named: set[UUID]) -> KeptVersion | None:
        with_them = (
            version
            for version in sorted(self.versions, key=lambda one: one.plan.decided_at)
            if named & {part.installment_id for part in version.plan.installments}
        )
        return next(with_them, None)

    def _named(self, version: KeptVersion, moment: datetime, place: int | None) -> dict[UUID, int]:
        """A version was told with what remained by then: what was recorded since, before the transaction, counts."""
        earlier = (
            one for one in self.settlements if (one.place < place if one.place and place else one.recorded_at <= moment)
        )
        return _sums(version.named, (one for one in earlier if one.recorded_at >= version.plan.decided_at))


def _sums(begun: Mapping[UUID, int], settlements: Iterable[NamedSettlement]) -> dict[UUID, int]:
    named = dict(begun)
    for one in settlements:
        named[one.installment_id] = named.get(one.installment_id, 0) + one.minor
    return named


def _is_within(plan: InstallmentPlan, known: PlanVersion | None) -> bool:
    return known is not None and plan.plan_id == known.plan_id and plan.version <= known.version


def _lately(version: KeptVersion) -> tuple[datetime, bool]:
    return version.plan.decided_at, version.plan.end is None
