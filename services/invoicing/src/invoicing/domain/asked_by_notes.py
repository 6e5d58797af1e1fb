"""What notes change in what installments ask for: a credit note less, a debit note more (`PLN-2`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from invoicing.domain.installment import Installment
from invoicing.domain.installment_balances import InstallmentBalances
from invoicing.domain.note import BY_CONTRACT, Note, takes_back_a_write_off


def asked_less(standing: InstallmentBalances, minor: int) -> list[Installment]:
    """So much less: the latest unpaid first, then of what is paid the latest. What then asks for nothing is gone."""
    amounts = [installment.amount for installment in standing.installments]
    unpaid = [installment.remaining for installment in standing.installments]
    paid = [installment.paid for installment in standing.installments]
    for room in (unpaid, paid):
        for index in reversed(range(len(amounts))):
            cut = min(minor, room[index])
            amounts[index] -= cut
            minor -= cut
    present = as_they_stand(standing)
    return [replace(one, amount=amount) for one, amount in zip(present, amounts, strict=True) if amount]


def asked_more(standing: InstallmentBalances, minor: int, further_id: UUID, due_date: date) -> list[Installment]:
    """So much more: the last installment asks for it, or where that is paid a further one, not due before it."""
    present = as_they_stand(standing)
    last = standing.installments[-1] if present else None
    if last and last.remaining:
        return [*present[:-1], replace(present[-1], amount=last.amount + minor)]
    day = max(due_date, last.installment.due_date) if last else due_date
    return [*present, Installment(further_id, len(present) + 1, "installment", day, minor)]


def as_they_stand(standing: InstallmentBalances) -> list[Installment]:
    """The installments with what each asks for in all."""
    return [replace(installment.installment, amount=installment.amount) for installment in standing.installments]


def what_notes_change(notes: Iterable[Note], of_plan: Collection[UUID]) -> dict[UUID, int]:
    """What each note still changes in a plan, in minor units; `of_plan` are the notes that had changed it (`PLN-7`).

    One of those that is undone changes nothing, and neither does its opposite. What an insurer's later decision takes
    back of its write-offs lowers them, the latest first.
    """
    changes: dict[UUID, int] = {}
    written_off: list[UUID] = []
    for note in notes:
        changes[note.id] = note.amounts.total
        if note.undoes_id is not None and note.undoes_id in of_plan:
            changes[note.undoes_id] = changes[note.id] = 0
        elif note.kind in BY_CONTRACT and note.id in of_plan:
            written_off.append(note.id)
        elif takes_back_a_write_off(note):
            _take_back(changes, note.id, written_off)
    return changes


def _take_back(changes: dict[UUID, int], taking: UUID, written_off: Sequence[UUID]) -> None:
    for note_id in reversed(written_off):
        back = min(changes[taking], changes[note_id])
        changes[note_id] -= back
        changes[taking] -= back
