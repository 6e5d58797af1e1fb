"""Which procedure costs each installment carries: they fill the installments in order, exactly (`PLN-3`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from invoicing.domain.invoice import Invoice
from invoicing.domain.line_shares import gross_of_parts
from invoicing.domain.note import Note, goes_with_refund, takes_back_a_write_off
from invoicing.domain.tax_group import within

CASH_ROUNDING = "Cash rounding"


@dataclass(slots=True)
class Cost:
    """What is asked for one line of an invoice, or by a debit note, with tax and after credit notes; minor units."""

    line_id: UUID | None
    description: str
    amount: int


def costs_of(invoice: Invoice) -> list[Cost]:
    """What an issued invoice with its notes asks for, line by line; they sum to total + debits - credits.

    Refund adjustments are left out, as a refund changes nothing that is asked (`PLN-2`). So is a note that was undone,
    with its opposite: the line asks again for what it asked for before.
    """
    parts = gross_of_parts(invoice)
    gross = {line.id: amount for line, amount in zip(invoice.lines, parts, strict=False)}
    costs = [Cost(line.id, line.description, gross[line.id]) for line in invoice.lines]
    charges = zip(invoice.content.charges, parts[len(invoice.lines) :], strict=True)
    costs += [Cost(None, one.charge.reason, amount) for one, amount in charges]
    rounding = invoice.totals.cash_rounding
    if rounding > 0:
        costs.append(Cost(None, CASH_ROUNDING, rounding))
    else:
        _take_from_last(costs, -rounding)
    undone = {note.undoes_id for note in invoice.notes if note.undoes_id}
    for note in invoice.notes:
        if goes_with_refund(note.kind) or note.undoes_id or note.id in undone:
            continue
        if note.side == "debit":
            given_back = _give_back(costs, gross, note) if takes_back_a_write_off(note) else 0
            costs.append(Cost(None, note.reason, note.amounts.total - given_back))
        else:
            _credit(costs, note)
    return [cost for cost in costs if cost.amount] if sum(cost.amount for cost in costs) else []


def fill(costs: Iterable[Cost], columns: Sequence[int]) -> list[list[Cost]]:
    """Fill columns of these sizes with the costs, in order; what each then carries of which cost.

    Where the sizes sum to the costs, every column is full and every cost is carried whole. Returned goods are below
    zero, and stand in the last column, which carries so much more of the others (`INV-14`).
    """
    carried: list[list[Cost]] = [[] for _ in columns]
    column, room, given = 0, list(columns), list(costs)
    returned = [cost for cost in given if cost.amount < 0]
    if columns and returned:
        room[-1] -= sum(cost.amount for cost in returned)
        carried[-1] += returned
    for cost in given:
        left = max(0, cost.amount)
        while left and column < len(room):
            part = min(left, room[column])
            if part:
                carried[column].append(Cost(cost.line_id, cost.description, part))
                room[column] -= part
                left -= part
            if not room[column]:
                column += 1
    return carried


def _give_back(costs: Sequence[Cost], gross: Mapping[UUID, int], note: Note) -> int:
    """Have lines ask again for what an insurer had written off, no line for more than before; how much that is."""
    left = note.amounts.total
    by_line = {cost.line_id: cost for cost in costs if cost.line_id is not None}
    for line in note.amounts.lines:
        cost = by_line.get(line.invoice_line_id) if line.invoice_line_id else None
        if cost is not None and cost.line_id is not None:
            more = min(line.net + line.tax_amount, gross[cost.line_id] - cost.amount, left)
            cost.amount += more
            left -= more
    return note.amounts.total - left


def _credit(costs: list[Cost], note: Note) -> None:
    left = note.amounts.total
    by_line = {cost.line_id: cost for cost in costs if cost.line_id is not None}
    for line in note.amounts.lines:
        cost = by_line.get(line.invoice_line_id) if line.invoice_line_id else None
        if cost is not None:
            cut = within(line.net + line.tax_amount, cost.amount)
            cost.amount -= cut
            left -= cut
    _take_from_last(costs, left)


def _take_from_last(costs: Sequence[Cost], minor: int) -> None:
    """Take so much off the last costs; below zero, where lines were credited more than their note, give it back."""
    if minor < 0:
        costs[-1].amount -= minor
        return
    for cost in reversed(costs):
        cut = min(minor, max(0, cost.amount))
        cost.amount -= cut
        minor -= cut
