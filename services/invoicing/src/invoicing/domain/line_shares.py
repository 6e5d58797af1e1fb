"""What each line of an invoice asked for, was credited, is paid and still asks for, to the cent (`INV-10`, `MON-3`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from chassis.money import split_by_largest_remainder

from invoicing.domain.invoice import Invoice
from invoicing.domain.note import RECOVERY, UNDOING, Note, takes_back_a_write_off
from invoicing.domain.tax_group import within

GroupKey = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class LineShare:
    """A line's part of its invoice, in minor units: invoiced - credited - paid = outstanding.

    None is below zero, but those of returned goods, which then all are (`INV-14`). Without a `line_id` it is what no
    line asks for: charges of the document, debit notes and cash rounding.
    """

    line_id: UUID | None
    invoiced: int = 0
    credited: int = 0
    paid: int = 0

    @property
    def outstanding(self) -> int:
        """What it still asks for."""
        return self.invoiced - self.credited - self.paid


def share_out(invoice: Invoice) -> list[LineShare]:
    """A share for each line, and one for the rest; the outstandings sum to the invoice's.

    What was paid is split in proportion to what each asks for, by largest remainder, ties in line order. The notes have
    to be loaded. Drafts and void invoices ask for nothing.
    """
    ids: list[UUID | None] = [*(line.id for line in invoice.lines), None]
    if invoice.status != "issued":
        return [LineShare(line_id) for line_id in ids]
    gross = gross_of_lines(invoice)
    credited = _credited(invoice, gross)
    asked = [whole - part for whole, part in zip(gross, credited, strict=True)]
    in_all = max(0, invoice.totals.total + invoice.debited - invoice.credited)
    rest = in_all - sum(asked)
    if rest < 0:
        asked = [one - less for one, less in zip(asked, split_by_largest_remainder(-rest, asked), strict=True)]
        rest = 0
    asked, credited = [*asked, rest], [*credited, 0]
    paid = split_by_largest_remainder(min(max(0, invoice.settled), in_all), asked)
    return [
        LineShare(line_id, one + part, part, settled)
        for line_id, one, part, settled in zip(ids, asked, credited, paid, strict=True)
    ]


def gross_of_lines(invoice: Invoice) -> list[int]:
    """Each line with its tax, in order (`MON-3`)."""
    return gross_of_parts(invoice)[: len(invoice.lines)]


def gross_of_parts(invoice: Invoice) -> list[int]:
    """Each line and then each charge of the document with its tax; those of a group sum to the group (`MON-3`).

    With net prices the tax of each is its part of its group's, by largest remainder.
    """
    totals = invoice.totals
    if invoice.pricing.prices_include_tax:
        return [*(one.priced for one in totals.lines), *(charge.priced for charge in totals.charges)]
    gross = [*(one.net for one in totals.lines), *(charge.net for charge in totals.charges)]
    taxes = [*(line.tax for line in invoice.lines), *(charge.tax for charge in invoice.content.charges)]
    for group in totals.groups:
        key = (group.tax.category, group.tax.rate)
        members = [index for index, tax in enumerate(taxes) if (tax.category, tax.rate) == key]
        nets = [gross[index] for index in members]
        if sum(nets):
            for index, tax in zip(members, split_by_largest_remainder(group.amount, nets), strict=True):
                gross[index] += tax
    return gross


def _credited(invoice: Invoice, gross: Sequence[int]) -> list[int]:
    """What standing credit notes took off each line: named lines first, then the rest over their tax group's lines."""
    places = {line.id: index for index, line in enumerate(invoice.lines)}
    credited = [0] * len(gross)
    pools: dict[GroupKey, int] = {}
    for note, sign in _standing(invoice.notes):
        for one in note.amounts.lines:
            if one.debit_note_id is not None:
                continue  # it takes nothing off a line
            asked, key = one.net + one.tax_amount, (one.tax.category, one.tax.rate)
            index = places.get(one.invoice_line_id) if one.invoice_line_id else None
            taken = 0
            if index is not None:
                taken = within(asked, gross[index] - credited[index] if sign > 0 else credited[index])
                credited[index] += sign * taken
            pools[key] = pools.get(key, 0) + sign * (asked - taken)
    for key, pool in pools.items():
        members = _members(invoice, key)
        left = [gross[index] - credited[index] for index in members]
        parts = split_by_largest_remainder(within(pool, sum(left)), left)
        for index, part in zip(members, parts, strict=True):
            credited[index] += part
    return credited


def _standing(notes: Sequence[Note]) -> Iterator[tuple[Note, int]]:
    """Credit notes that were not undone (1), and what insurers took back of their write-offs (-1)."""
    undone = {note.undoes_id for note in notes if note.undoes_id}
    for note in notes:
        if note.side == "credit" and note.kind not in UNDOING and note.id not in undone:
            yield note, 1
        elif takes_back_a_write_off(note) or note.kind == RECOVERY:
            yield note, -1


def _members(invoice: Invoice, key: GroupKey) -> list[int]:
    return [i for i, line in enumerate(invoice.lines) if (line.tax.category, line.tax.rate) == key]
