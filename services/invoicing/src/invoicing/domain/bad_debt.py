"""Bad debt: written off and yet collectable; a payment recovers it, what takes that back loses it again (`INV-17`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from chassis.money import split_by_largest_remainder

from invoicing.domain.invoice import Invoice
from invoicing.domain.line import Tax
from invoicing.domain.note import LOST_AGAIN, RECOVERY, Note, NoteAmounts, NoteLine, Side, bad_debt_sign
from invoicing.domain.rounding import Rounding

RECOVERED, LOST = "Bad debt recovered", "Bad debt, as its payment was taken back"


@dataclass(frozen=True, slots=True)
class Making:
    """Who makes a note, when, on which day of the clinic, and under which id."""

    note_id: UUID
    by: str
    at: datetime
    on: date


def recover(invoice: Invoice, making: Making) -> Note | None:
    """Add the debit note of what money beyond all that is asked recovers, by tax group; None where it is nothing."""
    asked = invoice.totals.total + invoice.debited - invoice.credited
    minor = min(invoice.settled - asked, invoice.bad_debt)
    if invoice.status != "issued" or minor <= 0:
        return None
    amounts = _Standing(invoice, recovered=False).share_of(minor, RECOVERED)
    return _added(invoice, "debit", (RECOVERY, RECOVERED), amounts, making)


def lose_again(invoice: Invoice, taken_back: int, making: Making) -> Note | None:
    """Add the credit note of what is lost again, as so much of what was settled is gone; None where it is nothing."""
    asked = invoice.totals.total + invoice.debited - invoice.credited
    minor = min(asked - invoice.settled, invoice.recovered, taken_back)
    if invoice.status != "issued" or minor <= 0:
        return None
    amounts = _Standing(invoice, recovered=True).share_of(minor, LOST)
    return _added(invoice, "credit", (LOST_AGAIN, LOST), amounts, making)


def _added(invoice: Invoice, side: Side, what: tuple[str, str], amounts: NoteAmounts, making: Making) -> Note:
    """Add a note of a kind and a reason; of cash rounding alone it has no line."""
    kind, reason = what
    note = Note(
        id=making.note_id,
        clinic_id=invoice.clinic_id,
        invoice_id=invoice.id,
        side=side,
        kind=kind,
        reason=reason,
        author=making.by,
        amounts=amounts,
        issue_date=making.on,
        created_at=making.at,
    )
    invoice.add_note(note)
    return note


@dataclass(slots=True)
class _Part:
    """What stands of one tax group, or of one line of it."""

    like: NoteLine
    net: int = 0
    tax: int = 0

    @property
    def gross(self) -> int:
        return max(0, self.net + self.tax)


class _Standing:
    """What stands as bad debt of an invoice, or what stands recovered of it, by tax group and line."""

    def __init__(self, invoice: Invoice, *, recovered: bool) -> None:
        self._rounding: Rounding = invoice.pricing.rounding
        self._parts: dict[object, _Part] = {}
        self._cash = 0
        for note, sign in _signed(invoice, recovered=recovered):
            self._cash += sign * note.amounts.cash_rounding
            for line in note.amounts.lines:
                part = self._parts.setdefault(_key(line), _Part(line))
                part.net += sign * line.net
                part.tax += sign * line.tax_amount

    def share_of(self, minor: int, description: str) -> NoteAmounts:
        """So much of it, with tax: by largest remainder, and what completes it takes all that is left."""
        parts = [part for part in self._parts.values() if part.net or part.tax]
        whole = sum(part.gross for part in parts)
        if minor >= whole + self._cash:
            lines = tuple(_line(part, description, part.net, part.tax) for part in parts)
            return NoteAmounts(lines, self._cash)
        wanted = min(minor, whole)
        shares = split_by_largest_remainder(wanted, [part.gross for part in parts])
        lines = tuple(
            _line(part, description, share - tax, tax)
            for part, share in zip(parts, shares, strict=True)
            if share
            for tax in [self._rounding.to_unit(Fraction(part.tax * share, part.gross))]
        )
        return NoteAmounts(lines, minor - wanted)


def _signed(invoice: Invoice, *, recovered: bool) -> Iterator[tuple[Note, int]]:
    kinds = {note.id: note.kind for note in invoice.notes}
    for note in invoice.notes:
        undone = kinds.get(note.undoes_id) if note.undoes_id else None
        if recovered:
            sign = 1 if note.kind == RECOVERY else -1 if note.kind == LOST_AGAIN else 0
        else:
            sign = bad_debt_sign(note.kind, undone)
        if sign:
            yield note, sign


def _key(line: NoteLine) -> object:
    tax: Tax = line.tax
    return tax.category, tax.rate, line.invoice_line_id, line.debit_note_id


def _line(part: _Part, description: str, net: int, tax: int) -> NoteLine:
    like = part.like
    return NoteLine(description, net, tax, like.tax, like.invoice_line_id, like.debit_note_id)
