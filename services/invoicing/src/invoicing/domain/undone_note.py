"""A plan as it would be, had a note that is undone never been: its installments as they were agreed (`PLN-7`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID, uuid5

from invoicing.domain.asked_by_notes import as_they_stand, asked_less, asked_more, what_notes_change
from invoicing.domain.changed_alone import CHANGED_ALONE, changed_alone
from invoicing.domain.installment import Cause, Installment, PlanVersion
from invoicing.domain.installment_balances import Going, InstallmentBalances
from invoicing.domain.note import Note

BY_HAND: tuple[Cause, ...] = ("agreed", "rescheduled")
"""Versions that divide what is unpaid anew: what notes had changed before them is divided with the rest."""


def notes_of(versions: Sequence[PlanVersion]) -> set[UUID]:
    """The notes that changed a plan since it was last divided by hand."""
    return {version.note_id for version in versions[_divided(versions) + 1 :] if version.note_id}


def without_undone(
    going: Going,
    versions: Sequence[PlanVersion],
    notes: Sequence[Note],
    unsettled: int,
    due_date: date,
    further_id: UUID,
) -> list[Installment]:
    """What the installments ask for now that the last of `notes` undoes an earlier one.

    Gone through anew from where the plan was last divided by hand: money as it was counted, every other note as it
    was made. `unsettled` is what the invoice asks for and is not settled, perhaps below zero: what is asked beyond the
    rest, as its note is older than the division or younger than the plan's end, is asked as a debit note asks, of the
    last installment or of a further one with this id, due on this day.
    """
    divided = _divided(versions)
    changes = what_notes_change(notes, notes_of(versions))
    for before, version in pairwise(versions):
        going.count_until(version.invoice_version)
        again = version.number > versions[divided].number
        going.turn(changed_again(going.standing(), before, version, changes) if again else version.installments)
    going.count_all()
    over = going.unsettled - unsettled
    if over > 0:
        return asked_less(going.standing(), over)
    if over < 0:
        return asked_more(going.standing(), -over, further_id, due_date)
    return as_they_stand(going.standing())


def _divided(versions: Sequence[PlanVersion]) -> int:
    return max(index for index, one in enumerate(versions) if one.cause in BY_HAND)


def changed_again(
    standing: InstallmentBalances, before: PlanVersion, version: PlanVersion, changes: Mapping[UUID, int]
) -> list[Installment]:
    """What a version changed, changed again on how the plan stands otherwise, as far as it still holds."""
    if version.cause in CHANGED_ALONE:
        return changed_alone(standing, before, version)
    if version.note_id is None or not changes[version.note_id]:
        return as_they_stand(standing)
    minor = changes[version.note_id]
    if version.cause == "invoice_credited":
        return asked_less(standing, minor)
    own = further(before, version)
    if own is None:
        return asked_more(standing, minor, uuid5(version.note_id, "installment"), version.installments[-1].due_date)
    return [*as_they_stand(standing), replace(own, amount=minor)]


def further(before: PlanVersion, version: PlanVersion) -> Installment | None:
    """The installment that a debit note had made for itself."""
    known = {installment.id for installment in before.installments}
    return next((installment for installment in version.installments if installment.id not in known), None)
