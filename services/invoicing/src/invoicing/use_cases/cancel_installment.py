"""Cancel one installment of a plan alone: another one asks for what remains of it (`PLN-10`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.use_cases.change_installment import change_installment


@dataclass(frozen=True, slots=True)
class CancelInstallment:
    """Which installment is cancelled, which one asks for what remains of it (the last, if none is named), and why."""

    installment_id: UUID
    to_installment_id: UUID | None
    reason: str


async def cancel_installment(work: Work, command: CancelInstallment) -> tuple[Invoice, InstallmentPlan]:
    """Make the plan's next version. Raises NotFound, PlanEnded, InstallmentSettled, Invalid."""
    return await change_installment(
        work,
        command.installment_id,
        command.reason,
        lambda plan, decided: plan.cancel_installment(command.installment_id, command.to_installment_id, decided),
    )
