"""An installment plan as a version of it was decided, and what its installments still ask for (`PLN-1`, `PLN-3`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Installment:
    """So much on such a day; `remaining` is what of it was unpaid when the version was decided."""

    installment_id: UUID
    position: int
    kind: Literal["down_payment", "installment"]
    due: date
    amount: Money
    remaining: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnd:
    """That a plan has ended, and why."""

    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallmentPlan:
    """One version of a plan, its installments by due date; the highest version is the plan as it is."""

    plan_id: UUID
    version: int
    clinic_id: UUID
    patient_id: UUID
    invoice_id: UUID
    invoice_number: str
    agreed_on: date
    decided_at: datetime
    total: Money
    outstanding: Money
    installments: tuple[Installment, ...]
    end: PlanEnd | None = None

    def next(self, outstanding: Money, named: Mapping[UUID, int]) -> Installment | None:
        """The oldest installment that is unpaid now that the invoice asks for `outstanding`, with what remains of it.

        What was paid since the version settles the installments that payments named (`named`, minor units by
        installment), else the oldest first (`PLN-2`). Invoicing is the authority on this; here it is only printed.
        """
        left = [one.remaining.minor for one in self.installments]
        paid = sum(left) - outstanding.minor
        for index, one in enumerate(self.installments):
            taken = max(min(named.get(one.installment_id, 0), left[index], paid), 0)
            left[index] -= taken
            paid -= taken
        for index, one in enumerate(self.installments):
            taken = max(min(left[index], paid), 0)
            left[index] -= taken
            paid -= taken
            if left[index]:
                return replace(one, remaining=Money(left[index], one.amount.currency))
        return None
