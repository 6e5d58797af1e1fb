"""Change the group and the note of a payment, the only things of it that can be edited (`PAY-1`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work, forgotten

from payments.domain.errors import GroupUnknown, PaymentUnknown
from payments.domain.payment import Payment
from payments.domain.recorded_payment import Relabeling
from payments.persistence import clinics, payment_groups, payments, relabelings
from payments.use_cases.require_unforgotten import require_unforgotten


class PaymentChanged(Exception):
    """Something was done with the payment since it was read."""


@dataclass(frozen=True, slots=True)
class RelabelPayment:
    """The labels that a payment is to have, as it was read at `version`; `changes` names those to be changed.

    `reason` says why, where somebody cares to.
    """

    payment_id: UUID
    version: int
    changes: frozenset[str]
    group_id: UUID | None = None
    note: str | None = None
    reason: str | None = None


async def relabel_payment(work: Work, command: RelabelPayment) -> Payment:
    """Relabel a payment; who changed what stays. A past day's sheet keeps the group it had (`PAY-10`).

    Raises PaymentUnknown, PaymentChanged, GroupUnknown, GroupArchived, PatientForgotten.
    """
    noted = bool(command.note) and "note" in command.changes
    if noted:  # before the payment is locked, as whoever forgets has it
        await forgotten.wait_for_turn(work.connection, [work.clinic_id])
    payment = (await payments.lock(work.connection, [command.payment_id])).get(command.payment_id)
    if payment is None:
        raise PaymentUnknown(command.payment_id)
    if payment.version != command.version:
        raise PaymentChanged
    await require_unforgotten(work, {"note": payment.patient_id} if noted else {}, in_turn=True)
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    before = (payment.group_id, payment.note)
    if "group_id" in command.changes:
        await _require_open(work, command.group_id)
        payment.group_id = command.group_id
    if "note" in command.changes:
        payment.note = command.note
    payment.version += 1
    await payments.save_labels(work.connection, payment)
    after = (payment.group_id, payment.note)
    change = Relabeling(payment.version, *before, *after, work.now, work.actor, command.reason)
    await relabelings.add(work.connection, work.clinic_id, payment.payment_id, change, clinic.today(work.now))
    return payment


async def _require_open(work: Work, group_id: UUID | None) -> None:
    if group_id is None:
        return
    group = await payment_groups.lock(work.connection, group_id)
    if group is None:
        raise GroupUnknown(group_id, "group_id")
    group.require_open()
