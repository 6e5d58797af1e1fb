"""Move one installment of a plan to another day (`PLN-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.clock import today
from chassis.database import Work
from chassis.sentence import Sentence

from invoicing.domain.errors import Invalid
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.persistence import clinics
from invoicing.use_cases.change_installment import change_installment


@dataclass(frozen=True, slots=True)
class MoveInstallment:
    """Which installment is due when, and why."""

    installment_id: UUID
    due_date: date
    reason: str


async def move_installment(work: Work, command: MoveInstallment) -> tuple[Invoice, InstallmentPlan]:
    """Make the plan's next version. Raises NotFound, PlanEnded, InstallmentSettled, Invalid."""
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    on = today(work.now, settings.time_zone)
    if command.due_date < on:
        raise Invalid("due_date", Sentence("is before today, {today}", today=on))
    return await change_installment(
        work,
        command.installment_id,
        command.reason,
        lambda plan, decided: plan.move(command.installment_id, command.due_date, decided),
    )
