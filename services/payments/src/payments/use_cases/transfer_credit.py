"""Transfer a patient's credit to another patient of the clinic (`PAY-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import survivor_of
from chassis.money import Money

from payments.announcements import Posted
from payments.domain.credit_errors import SamePatient
from payments.domain.errors import WrongCurrency
from payments.domain.patient_credit import require_credit
from payments.domain.patient_credit import transfer_credit as hand_over
from payments.persistence import clinics, ledger, payments
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.posting import giving_side, post, transfer


@dataclass(frozen=True, slots=True)
class TransferCredit:
    """Who gives how much to whom, and why."""

    from_patient_id: UUID
    to_patient_id: UUID
    amount: Money
    reason: str


async def transfer_credit(work: Work, command: TransferCredit) -> tuple[Posted, Posted]:
    """Transfer credit; returns both sides. Raises SamePatient, WrongCurrency, CreditInsufficient."""
    giver = await survivor_of(work.connection, work.clinic_id, command.from_patient_id)
    taker = await survivor_of(work.connection, work.clinic_id, command.to_patient_id)
    if giver == taker:
        raise SamePatient
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    if command.amount.currency != clinic.currency:
        raise WrongCurrency(clinic.currency)
    holding = await payments.with_credit_of(work.connection, work.clinic_id, giver)
    held = await payments.lock(work.connection, holding)
    require_credit(list(held.values()), giver, command.amount)
    holders = {holder for payment in held.values() for holder in payment.holders_of(giver)}
    await ledger.lock_credit(work.connection, work.clinic_id, {giver, taker} | holders)
    await gather_credit(work, clinic, work.clinic_id, list(held.values()), giver)
    movement = hand_over(list(held.values()), giver, taker, command.amount)
    out = giving_side(work, clinic, giver, command.amount, reason=command.reason)
    used = [held[payment_id] for payment_id in sorted({part.payment_id for part in movement.credits})]
    decided = transfer(out, taker, movement, used)
    given, taken = await post(work, decided, used, {})
    return given, taken
