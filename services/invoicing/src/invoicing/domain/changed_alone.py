"""One installment of a plan changed alone: moved to another day, or cancelled and asked by another (`PLN-10`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from invoicing.domain.asked_by_notes import as_they_stand
from invoicing.domain.installment import Cause, Installment, PlanVersion
from invoicing.domain.installment_balances import InstallmentBalances

CHANGED_ALONE: tuple[Cause, ...] = ("installment_moved", "installment_cancelled")


def moved(standing: InstallmentBalances, installment_id: UUID, due_date: date) -> list[Installment]:
    """The installments with one of them due on another day."""
    return [
        replace(installment, due_date=due_date) if installment.id == installment_id else installment
        for installment in as_they_stand(standing)
    ]


def cancelled(standing: InstallmentBalances, installment_id: UUID, to_id: UUID) -> list[Installment]:
    """The installments with what remains of one asked by another; what is paid of it stays on it."""
    remaining = sum(
        installment.remaining for installment in standing.installments if installment.installment.id == installment_id
    )
    changes = {installment_id: -remaining, to_id: remaining}
    present = [
        replace(installment, amount=installment.amount + changes.get(installment.id, 0))
        for installment in as_they_stand(standing)
    ]
    return [installment for installment in present if installment.amount]


def changed_alone(standing: InstallmentBalances, before: PlanVersion, version: PlanVersion) -> list[Installment]:
    """What such a version changed, changed again on how the plan stands otherwise, as far as it still holds."""
    earlier = {installment.id: installment for installment in before.installments}
    if version.cause == "installment_moved":
        days = {
            installment.id: installment.due_date
            for installment in version.installments
            if earlier[installment.id].due_date != installment.due_date
        }
        return [
            replace(installment, due_date=days.get(installment.id, installment.due_date))
            for installment in as_they_stand(standing)
        ]
    later = {installment.id: installment.amount for installment in version.installments}
    present = [installment.installment.id for installment in standing.installments]
    gone = [id_ for id_, one in earlier.items() if later.get(id_, 0) < one.amount and id_ in present]
    to = [id_ for id_ in present if id_ in earlier and later.get(id_, 0) > earlier[id_].amount] or present[-1:]
    if not gone or gone[0] == to[0]:
        return as_they_stand(standing)
    return cancelled(standing, gone[0], to[0])


def last_but(standing: InstallmentBalances, installment_id: UUID) -> Sequence[UUID]:
    """Which one takes over: the last unpaid other one, else the last other one; none where it is the only one."""
    others = [installment for installment in standing.installments if installment.installment.id != installment_id]
    unpaid = [other for other in others if other.remaining]
    return [installment.installment.id for installment in (unpaid or others)[-1:]]
