"""Write down that patients' credit settled invoices, whoever decided it, and announce it (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.clinic import Clinic
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, Transaction
from payments.use_cases.posting import Decision, post


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Whose credit settled what, and why; `payer` is the insurer whose it is, where it is one's (`INS-4`)."""

    patient_id: UUID
    movement: Movement
    reason: str
    reason_code: str | None = None
    payer: Payer = field(default_factory=Payer)


async def post_applications(
    work: Work,
    clinic: Clinic,
    clinic_id: UUID,
    applications: Sequence[Application],
    payments: Mapping[UUID, Payment],
    locked: Mapping[UUID, InvoiceBalance],
) -> list[Posted]:
    """Write them down with the locked payments that they drew from and the locked invoices, all at once."""
    drawn = sorted({change.payment_id for application in applications for change in application.movement.credits})
    if not drawn:
        return []
    for payment_id in drawn:
        payments[payment_id].version += 1
    decided = [
        Decision(_transaction(work, clinic, application, payments), application.movement)
        for application in applications
    ]
    return await post(work, decided, [payments[payment_id] for payment_id in drawn], locked, clinic_id=clinic_id)


def _transaction(work: Work, clinic: Clinic, application: Application, payments: Mapping[UUID, Payment]) -> Transaction:
    movement = application.movement
    currency = payments[movement.credits[0].payment_id].amount.currency
    return Transaction(
        transaction_id=new_id(),
        kind="credit_application",
        patient_id=application.patient_id,
        amount=Money(sum(part.change_minor for part in movement.settlements), currency),
        method="other",
        method_label="patient credit",
        payer=application.payer,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason_code=application.reason_code,
        reason=application.reason,
    )
