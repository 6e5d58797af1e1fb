"""What an invoice asks for line by line, as an installment plan shows it: exact, whatever notes were made (`PLN-3`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.credit_note import LineCredit
from invoicing.domain.errors import InvoicingError
from invoicing.domain.invoice import Invoice
from invoicing.domain.procedure_cost import costs_of
from invoicing.domain.totals import Pricing
from invoicing_making import credited, decide, invoices, issued, line, percent, standard


def rows(invoice: Invoice) -> list[tuple[object, int]]:
    return [(cost.line_id, cost.amount) for cost in costs_of(invoice)]


@pytest.mark.parametrize("gross", [False, True])
def test_a_line_whose_credit_note_was_undone_asks_for_what_it_asked_before(gross: bool) -> None:
    lines = [line(10_000, tax=standard("22")), line(5_000, tax=standard("22"), position=2)]
    invoice = issued(lines, pricing=Pricing("EUR", prices_include_tax=gross))
    before = rows(invoice)
    note = credited(invoice, invoice.creditable().credit_lines([LineCredit(lines[0].id, 4_000)]))
    assert rows(invoice) != before
    credited(invoice, note.amounts, "undo_credit_note", note.id)
    assert rows(invoice) == before


def test_a_write_off_that_an_insurer_takes_back_is_the_lines_cost_again() -> None:
    """INS-3: all of it, or a part; the opposite of a decision names no note that it undoes."""
    lines = [line(10_000), line(5_000, position=2)]
    invoice = issued(lines)
    for wanted in (4_000, 1_000, 0):
        decide(invoice, lines[0].id, wanted)
        assert rows(invoice) == [(lines[0].id, 10_000 - wanted), (lines[1].id, 5_000)]


def test_a_taxed_line_given_away_costs_nothing() -> None:
    """MON-3: a tax group of nothing has nothing to split."""
    lines = [line(10_000, tax=standard("22"), discount=percent("100")), line(5_000, position=2)]
    invoice = issued(lines)
    assert rows(invoice) == [(lines[1].id, 5_000)]


@given(invoices, st.data())
def test_rows_sum_to_what_is_asked_whatever_is_credited_and_undone(invoice: Invoice, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 5))):
        try:
            if bool(invoice.notes) and data.draw(st.booleans()):
                note = invoice.undoable(data.draw(st.sampled_from(invoice.notes)).id)
                assert note is not None
                credited(invoice, note.amounts, f"undo_{note.side}_note", note.id)
            else:
                credited(invoice, invoice.creditable().credit_total(data.draw(st.integers(1, 200_000)), "part"))
        except InvoicingError:
            continue
    asked = invoice.totals.total + invoice.debited - invoice.credited
    assert sum(cost.amount for cost in costs_of(invoice)) == asked
    assert all(cost.amount > 0 for cost in costs_of(invoice))
