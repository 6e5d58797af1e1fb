"""An installment plan as a version of it was decided, and what its installments still ask for (`PLN-1`, `PLN-3`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from chassis.money import Money, left_in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class Installment:
    """So much on such a day; `remaining` is what of it was unpaid when the version was decided.

    `patients` is what of that the patient is asked for, the rest insurers are to pay (`INS-4`); None where an older
    release announced it, which did not say.
    """

    installment_id: UUID
    position: int
    kind: Literal["down_payment", "installment"]
    due: date
    amount: Money
    remaining: Money
    patients: Money | None = None

    @property
    def to_pay(self) -> Money:
        """What of the remaining the patient is asked for."""
        return self.remaining if self.patients is None else self.patients


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
        left = self._left(outstanding, named)
        for one, minor in zip(self.installments, left, strict=True):
            if minor:
                return replace(one, remaining=Money(minor, one.amount.currency), patients=None)
        return None

    def settled(
        self, before: Money, named_before: Mapping[UUID, int], after: Money, named_after: Mapping[UUID, int]
    ) -> list[tuple[Installment, Money]]:
        """Which installments a payment settled, and how much of each: what was left of them before it and not after."""
        lefts = zip(self._left(before, named_before), self._left(after, named_after), strict=True)
        return [
            (one, Money(earlier - later, one.amount.currency))
            for one, (earlier, later) in zip(self.installments, lefts, strict=True)
            if earlier > later
        ]

    def _left(self, outstanding: Money, named: Mapping[UUID, int]) -> list[int]:
        """What is left of each installment now that the invoice asks for so much, in minor units."""
        asked = [installment.remaining.minor for installment in self.installments]
        return left_in_order(
            asked, outstanding.minor, [named.get(installment.installment_id, 0) for installment in self.installments]
        )


@dataclass(frozen=True, slots=True)
class KeptAgreement:
    """What was agreed in one version, and the plan as it is now."""

    agreement_id: UUID
    version: int
    content: dict[str, Any]
    plan: InstallmentPlan | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What an installment carries of one line of its invoice, or of a debit note."""

    description: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedInstallment:
    """An installment as invoicing has it at the moment: what it is for, and what of it is unpaid (`PLN-10`)."""

    installment_id: UUID
    patient_id: UUID
    invoice_number: str
    position: int
    count: int
    due: date
    amount: Money
    paid: Money
    remaining: Money
    asked: bool
    """Whether its plan still asks for it."""
    shares: tuple[Share, ...]
    patients: Money | None = None
    """What of the remaining is asked of the patient; the rest insurers are to pay. None where nobody says so."""

    @property
    def to_pay(self) -> Money:
        """What the patient is asked for (`INS-4`)."""
        return self.remaining if self.patients is None else self.patients

    @property
    def insurers(self) -> Money:
        """What insurers are to pay of what remains."""
        return Money(self.remaining.minor - self.to_pay.minor, self.remaining.currency)
