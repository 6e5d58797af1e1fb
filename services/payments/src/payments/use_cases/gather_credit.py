"""Gather a patient's credit under the record of the register that goes on, before any of it is drawn on (`ALL-10`).

What was booked under a merged record stays as it was booked. The first time that its credit is needed it is handed over
by a transfer, so that journal, accounts and payments say so like of any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.money import Money

from payments.domain.clinic import Clinic
from payments.domain.patient_credit import gather_credit as hand_over
from payments.domain.payment import Payment
from payments.domain.reason_codes import Reason
from payments.persistence import ledger
from payments.use_cases.posting import Decision, giving_side, post, transfer

REASON = Reason("records_merged", "two records of the register are one patient")


async def gather_credit(
    work: Work, clinic: Clinic, clinic_id: UUID, payments: Sequence[Payment], patient_id: UUID
) -> None:
    """Gather what the patient holds of these locked payments; mostly there is nothing to be gathered.

    `patient_id` is the record that goes on. To be asked for after any invoices are locked, as it locks credit.
    """
    movements = hand_over(payments, patient_id)
    if not movements:
        return
    await ledger.lock_credit(work.connection, clinic_id, [patient_id, *movements])
    decided: list[Decision] = []
    for holder, movement in movements.items():
        moved = {change.payment_id for change in movement.credits}
        amount = Money(-movement.credit_change_of(holder), payments[0].amount.currency)
        out = giving_side(work, clinic, holder, amount, reason=REASON.text, reason_code=REASON.code)
        decided += transfer(out, patient_id, movement, [payment for payment in payments if payment.payment_id in moved])
    changed = {part.payment_id for movement in movements.values() for part in movement.credits}
    used = [payment for payment in payments if payment.payment_id in changed]
    await post(work, decided, used, {}, clinic_id=clinic_id)
