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
    return [replace(one, due_date=due_date) if one.id == installment_id else one for one in as_they_stand(standing)]


def cancelled(standing: InstallmentBalances, installment_id: UUID, to_id: UUID) -> list[Installment]:
    """The installments with what remains of one asked by another; what is paid of it stays on it."""
    remaining = sum(one.remaining for one in standing.installments if one.installment.id == installment_id)
    changes = {installment_id: -remaining, to_id: remaining}
    present = [replace(one, amount=one.amount + changes.get(one.id, 0)) for one in as_they_stand(standing)]
    return [one for one in present if one.amount]


def changed_alone(standing: InstallmentBalances, before: PlanVersion, version: PlanVersion) -> list[Installment]:
    """What such a version changed, changed again on how the plan stands otherwise, as far as it still holds."""
    earlier = {one.id: one for one in before.installments}
    if version.cause == "installment_moved":
        days = {one.id: one.due_date for one in version.installments if earlier[one.id].due_date != one.due_date}
        return [replace(one, due_date=days.get(one.id, one.due_date)) for one in as_they_stand(standing)]
    later = {one.id: one.amount for one in version.installments}
    present = [one.installment.id for one in standing.installments]
    gone = [id_ for id_, one in earlier.items() if later.get(id_, 0) < one.amount and id_ in present]
    to = [id_ for id_ in present if id_ in earlier and later.get(id_, 0) > earlier[id_].amount] or present[-1:]
    if not gone or gone[0] == to[0]:
        return as_they_stand(standing)
    return cancelled(standing, gone[0], to[0])


def last_but(standing: InstallmentBalances, installment_id: UUID) -> Sequence[UUID]:
    """Which one takes over: the last unpaid other one, else the last other one; none where it is the only one."""
    others = [one for one in standing.installments if one.installment.id != installment_id]
    unpaid = [one for one in others if one.remaining]
    return [one.installment.id for one in (unpaid or others)[-1:]]
