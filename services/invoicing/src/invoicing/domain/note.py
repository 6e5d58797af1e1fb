"""What credit notes and debit notes have in common: lines per tax group, totals that re-add (`INV-6`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.number_patterns import format_number

from invoicing.domain.line import Tax

Side = Literal["credit", "debit"]

BAD_DEBT, LOST_AGAIN, RECOVERY = "bad_debt", "bad_debt_again", "bad_debt_recovery"
"""Written off and yet collectable; that once more, as what recovered it was taken back; recovered (`INV-17`)."""
CONTRACTUAL, DEFERRED = "contractual_write_off", "deferred_write_off"
"""Taken off by a contract when an insurer decides; once what had left no room for that is undone (`INS-3`)."""
BY_CONTRACT: tuple[str, ...] = (CONTRACTUAL, DEFERRED)
"""Kinds by which a contract with an insurer takes something off."""
UNDOING: tuple[str, ...] = ("undo_debit_note", "undo_credit_note", "undo_refund_adjustment", RECOVERY)
"""Kinds that are the opposite of earlier notes and carry their amounts, or a part of them."""
FORGIVING: tuple[str, ...] = ("write_off", BAD_DEBT, LOST_AGAIN)
"""Kinds by which a person gives up what is owed (`INV-16`)."""
MADE_BY_RULE: tuple[str, ...] = ("refund_adjustment", *BY_CONTRACT, LOST_AGAIN)
"""Kinds that follow another system's decision and are undone by its reversal only."""


def bad_debt_sign(kind: str, undone: str | None = None) -> int:
    """Whether a note adds to what is bad debt (1), takes from it (-1), or is none of it; `undone` is what it undoes."""
    if kind in (BAD_DEBT, LOST_AGAIN):
        return 1
    return -1 if kind == RECOVERY or undone == BAD_DEBT else 0


def goes_with_refund(kind: str) -> bool:
    """Whether a note only matches money that a refund took or brought back, so that what is outstanding stays."""
    return kind in ("refund_adjustment", "undo_refund_adjustment")


def credited_for_refunds(notes: Iterable[Note]) -> int:
    """What the standing notes that go with refunds credit, of these, in minor units."""
    return sum(
        note.amounts.total if note.side == "credit" else -note.amounts.total
        for note in notes
        if goes_with_refund(note.kind)
    )


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a note changes on one tax group, perhaps by way of one line or one debit note of the invoice."""

    description: str
    net: int
    tax_amount: int
    tax: Tax
    invoice_line_id: UUID | None = None
    debit_note_id: UUID | None = None
    """The debit note that a credit is about, where it is about one (`MON-11`)."""


@dataclass(frozen=True, slots=True)
class NoteAmounts:
    """The lines of a note, and the part of the invoice's cash rounding that goes with them (`MON-6`)."""

    lines: tuple[NoteLine, ...]
    cash_rounding: int = 0

    @property
    def net(self) -> int:
        """The sum of the lines without tax."""
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        """The sum of the lines' tax."""
        return sum(line.tax_amount for line in self.lines)

    @property
    def total(self) -> int:
        """What the note changes in all: net + tax + cash rounding."""
        return self.net + self.tax + self.cash_rounding


@dataclass(slots=True)
class Note:
    """A credit note or a debit note: numbered, dated, with its reason and author; once saved it never changes."""

    id: UUID
    clinic_id: UUID
    invoice_id: UUID
    side: Side
    kind: str
    reason: str
    author: str
    amounts: NoteAmounts
    issue_date: date
    created_at: datetime
    number: str = ""
    series_number: int = 0
    refund_id: UUID | None = None
    undoes_id: UUID | None = None
    undone_by_id: UUID | None = None
    decision_id: UUID | None = None
    """The insurer's decision that it follows (`INS-3`)."""
    invoice_version: int = 0
    """The invoice's version that the note made."""
    asked_of_lines_minor: int | None = None
    """What the invoice's own lines ask for after it (`INS-4`); None where an older release made it."""

    def number_as(self, series_number: int, pattern: str) -> None:
        """Give it its number, formatted by the clinic's pattern (`INV-7`)."""
        self.series_number = series_number
        self.number = format_number(pattern, series_number, self.issue_date)


def takes_back_a_write_off(note: Note) -> bool:
    """Whether an insurer's later decision has a line ask again for what an earlier one had written off (`INS-3`).

    It follows the sum of decisions, and so undoes no single note.
    """
    return note.side == "debit" and note.decision_id is not None


def leaves_room(note: Note) -> bool:
    """Whether it is the opposite of a credit note, so that something may be credited instead."""
    return note.undoes_id is not None and note.side == "debit"


def undoes_something(note: Note) -> bool:
    """Whether it is the opposite of another note, or of what insurers' decisions had written off."""
    return note.undoes_id is not None or takes_back_a_write_off(note)
