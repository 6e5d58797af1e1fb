"""An installment plan as a message's check sees it, and what remains of an installment (`PLN-2`, `NOT-4`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.money import left_in_order


@dataclass(frozen=True)
class PlannedInstallment:
    """One installment of a plan's version; `remaining_minor` was unpaid when that was announced."""

    installment_id: UUID
    due: date
    remaining_minor: int


@dataclass(frozen=True)
class PlanVersion:
    """What one event says of a plan."""

    clinic_id: UUID
    plan_id: UUID
    invoice_id: UUID
    version: int
    live: bool
    installments: Sequence[PlannedInstallment]


@dataclass(frozen=True)
class PlanFacts:
    """A plan as it is now; `named` is what payments settled since of installments that they named."""

    version: int
    live: bool
    installments: Sequence[PlannedInstallment]
    named: Mapping[UUID, int]

    def has(self, installment_id: UUID) -> bool:
        """Whether the plan still has this installment."""
        return any(installment.installment_id == installment_id for installment in self.installments)

    def next(self, outstanding_minor: int) -> tuple[PlannedInstallment, int] | None:
        """The oldest unpaid installment, with what remains of it now that the invoice asks for so much."""
        left = self._left(outstanding_minor)
        return next(((one, minor) for one, minor in zip(self.installments, left, strict=True) if minor), None)

    def remaining_of(self, installment_id: UUID, outstanding_minor: int) -> int:
        """What remains of an installment now that the invoice asks for so much."""
        left = self._left(outstanding_minor)
        return sum(
            minor for one, minor in zip(self.installments, left, strict=True) if one.installment_id == installment_id
        )

    def before(self, installment_id: UUID, outstanding_minor: int) -> int:
        """What remains of the installments before one now that the invoice asks for so much."""
        ids = [installment.installment_id for installment in self.installments]
        return sum(self._left(outstanding_minor)[: ids.index(installment_id) if installment_id in ids else 0])

    def announced_remaining(self, installment_id: UUID) -> int:
        """What remained of an installment when the plan's version was announced."""
        return sum(
            installment.remaining_minor
            for installment in self.installments
            if installment.installment_id == installment_id
        )

    def _left(self, outstanding_minor: int) -> list[int]:
        """What was paid since settles what payments named, else the oldest first."""
        asked = [installment.remaining_minor for installment in self.installments]
        return left_in_order(
            asked,
            outstanding_minor,
            [self.named.get(installment.installment_id, 0) for installment in self.installments],
        )


@dataclass(frozen=True)
class ReminderFigures:
    """What an event said of an installment: what remained of it, and what its invoice asked for then."""

    installment_id: UUID
    remaining_minor: int
    outstanding_minor: int

    def asked_now(self, plan: PlanFacts | None, outstanding_minor: int, patients_minor: int) -> int:
        """What of it the patient is asked for: the part of an insured invoice that is theirs fills the oldest first.

        Insurers pay what they have decided, whichever installment is due then: it is left to the latest (`INS-4`).
        """
        remaining = self.remaining_now(plan, outstanding_minor)
        if patients_minor >= outstanding_minor:
            return remaining
        older = plan.before(self.installment_id, outstanding_minor) if plan else 0
        return max(0, min(remaining, patients_minor - older))

    def remaining_now(self, plan: PlanFacts | None, outstanding_minor: int) -> int:
        """What remains of it now that the invoice asks for `outstanding_minor`; never more than was told.

        While nothing was paid since, it is what was told. Else what was paid is spread over the plan, unless the
        installment was reopened after the plan's version: that only the event knows.
        """
        if outstanding_minor >= self.outstanding_minor:
            return self.remaining_minor
        if plan is None or plan.announced_remaining(self.installment_id) < self.remaining_minor:
            return max(min(self.remaining_minor, outstanding_minor), 0)
        return min(self.remaining_minor, plan.remaining_of(self.installment_id, outstanding_minor))
