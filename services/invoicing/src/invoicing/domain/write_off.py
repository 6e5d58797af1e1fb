"""What contracts with insurers take off an invoice, as credit notes that follow the decisions (`INS-3`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.credit_note import LineCredit
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import NoteAmounts


@dataclass(frozen=True, slots=True)
class WriteOffChange:
    """The notes that bring the write-offs to what is wanted; `capped` where less was left to credit."""

    credit: NoteAmounts | None = None
    debit: NoteAmounts | None = None
    capped: bool = False

    @property
    def total(self) -> int:
        """By how much the invoice asks for less."""
        return (self.credit.total if self.credit else 0) - (self.debit.total if self.debit else 0)


def written_off_by_line(invoice: Invoice) -> dict[UUID, int]:
    """What stands written off by decisions, by line, as priced: the sum of the notes that followed them."""
    sums: dict[UUID, int] = {}
    for note in invoice.notes:
        if note.decision_id is None:
            continue
        sign = 1 if note.side == "credit" else -1
        for line in note.amounts.lines:
            if line.invoice_line_id is not None:
                as_priced = line.net + (line.tax_amount if invoice.pricing.prices_include_tax else 0)
                sums[line.invoice_line_id] = sums.get(line.invoice_line_id, 0) + sign * as_priced
    return sums


def bring_write_offs_to(invoice: Invoice, wanted: Mapping[UUID, int]) -> WriteOffChange:
    """What to credit and what to debit, so that each of these lines has so much written off, as priced.

    What cannot be credited any more (the invoice was credited otherwise) is capped. A void invoice asks for nothing.
    """
    if invoice.status != "issued":
        return WriteOffChange()
    standing = written_off_by_line(invoice)
    missing = {line_id: amount - standing.get(line_id, 0) for line_id, amount in wanted.items()}
    creditable = invoice.creditable()
    debit = creditable.debit_lines(
        [LineCredit(line_id, -change) for line_id, change in missing.items() if change < 0], _cash_credited(invoice)
    )
    asked = [LineCredit(line_id, change) for line_id, change in missing.items() if change > 0]
    credit, capped = creditable.credit_lines_up_to(asked)
    return WriteOffChange(credit, debit, capped)


def deferred_write_off(on: AdjudicatedInvoice) -> NoteAmounts | None:
    """What contracts take off and nothing was left to credit for, as far as there is room now; None for nothing."""
    return bring_write_offs_to(on.invoice, on.wanted_write_offs(on.line_ids)).credit


def _cash_credited(invoice: Invoice) -> int:
    """The part of the invoice's cash rounding that went with write-offs; it comes back with their undoing (`MON-6`)."""
    return sum(
        note.amounts.cash_rounding * (1 if note.side == "credit" else -1)
        for note in invoice.notes
        if note.decision_id is not None
    )
