"""What is said on the clock: which step of an installment a day calls for, and of which invoice (`PLN-4`, `INV-9`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from invoicing.domain.installment_balances import InstallmentBalance

Step = Literal["due_soon", "due", "overdue"]
STEPS: tuple[Step, ...] = ("due_soon", "due", "overdue")


@dataclass(frozen=True, slots=True)
class DueInstallment:
    """An unpaid installment of a live plan on a day of the clinic's calendar, and what is to be said of it."""

    step: Step
    on: date
    clinic_id: UUID
    patient_id: UUID
    plan_id: UUID
    invoice_id: UUID
    invoice_number: str
    currency: str
    outstanding: int
    installments: int
    moves: int
    """How often installments of its plan were moved: the steps of a new day come after those of the old one."""
    standing: InstallmentBalance


@dataclass(frozen=True, slots=True)
class AwaitedInstallment:
    """An installment of which a step may be due to be said, and on which day each step was."""

    installment_id: UUID
    clinic_id: UUID
    plan_id: UUID
    due_date: date
    step: int
    due_soon_on: date | None
    due_on: date | None
    overdue_on: date | None

    def was_said(self, step: Step) -> bool:
        """Whether a step was said already."""
        return {"due_soon": self.due_soon_on, "due": self.due_on, "overdue": self.overdue_on}[step] is not None


@dataclass(frozen=True, slots=True)
class OverdueInvoice:
    """An invoice that is past its due date; `version` is what it has after this was noted."""

    clinic_id: UUID
    invoice_id: UUID
    patient_id: UUID
    number: str
    currency: str
    due_date: date
    on: date
    total: int
    outstanding: int
    version: int


def step_on(due_date: date, today: date, days_ahead: int) -> Step | None:
    """What is true of a due date today: what was not said in time is not said late (`PLN-4`)."""
    if today > due_date:
        return "overdue"
    if today == due_date:
        return "due"
    return "due_soon" if today >= due_date - timedelta(days=days_ahead) else None
