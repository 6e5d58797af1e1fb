"""What was paid and credited is split over the lines exactly, and no line's part is below zero (`INV-10`, `MON-3`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.credit_note import LineCredit
from invoicing.domain.errors import InvoicingError
from invoicing.domain.invoice import Invoice
from invoicing.domain.line_shares import share_out
from invoicing.domain.note import NoteAmounts, NoteLine
from invoicing.domain.totals import Pricing
from invoicing_making import EXEMPT, credited, decide, draft, invoices, issued, line, standard


@pytest.mark.rule("MON-3.2")
@given(invoices, st.data())
def test_the_parts_sum_to_the_invoice_whatever_happened_to_it(invoice: Invoice, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 6))):
        try:
            happen(invoice, data)
        except InvoicingError:
            continue
    shares = share_out(invoice)
    assert [share.line_id for share in shares] == [*(one.id for one in invoice.lines), None]
    assert sum(share.outstanding for share in shares) == invoice.outstanding
    assert all(min(share.invoiced, share.credited, share.paid, share.outstanding) >= 0 for share in shares)
    asked = max(0, invoice.totals.total + invoice.debited - invoice.credited)
    assert sum(share.invoiced - share.credited for share in shares) == asked
    assert sum(share.paid for share in shares) == min(max(0, invoice.settled), asked)


def happen(invoice: Invoice, data: st.DataObject) -> None:
    match data.draw(st.sampled_from(["pay", "credit", "credit a line", "debit", "undo", "refund", "decide"])):
        case "pay":
            invoice.settled = max(0, invoice.settled + data.draw(st.integers(-50_000, 400_000)))
        case "credit":
            credited(invoice, invoice.creditable().credit_total(data.draw(st.integers(1, 200_000)), "part"))
        case "credit a line":
            line_id = data.draw(st.sampled_from([one.id for one in invoice.lines]))
            part = LineCredit(line_id, data.draw(st.none() | st.integers(1, 50_000)))
            credited(invoice, invoice.creditable().credit_lines([part]))
        case "debit":
            credited(
                invoice, NoteAmounts((NoteLine("late fee", data.draw(st.integers(1, 9_999)), 0, EXEMPT),)), "late_fee"
            )
        case "refund":
            amount = data.draw(st.integers(1, 200_000))
            amounts = invoice.creditable_by_rule().credit_total(amount, "refund")
            credited(invoice, amounts, "refund_adjustment")
        case "decide":
            decide(
                invoice,
                data.draw(st.sampled_from([one.id for one in invoice.lines])),
                data.draw(st.integers(0, 50_000)),
            )
        case "undo" if invoice.notes:
            note = invoice.undoable(data.draw(st.sampled_from(invoice.notes)).id)
            assert note is not None
            credited(invoice, note.amounts, f"undo_{note.side}_note", note.id)


def test_a_payment_is_split_by_what_each_line_asks_for() -> None:
    invoice = issued([line(10_000), line(20_000, position=2), line(3, tax=standard("22"), position=3)])
    invoice.settled = 10_000
    assert [share.paid for share in share_out(invoice)] == [3_333, 6_666, 1, 0]
    assert [share.outstanding for share in share_out(invoice)] == [6_667, 13_334, 3, 0]


def test_a_lines_credit_is_the_lines_own() -> None:
    invoice = issued([line(10_000), line(10_000, position=2)])
    credited(invoice, invoice.creditable().credit_lines([LineCredit(invoice.lines[1].id, 4_000)]))
    assert [(share.invoiced, share.credited, share.outstanding) for share in share_out(invoice)] == [
        (10_000, 0, 10_000),
        (10_000, 4_000, 6_000),
        (0, 0, 0),
    ]


@pytest.mark.parametrize("gross", [False, True])
def test_a_write_off_that_an_insurer_takes_back_is_the_lines_again(gross: bool) -> None:
    """INS-3, INV-10: all of it, or a part; the opposite of a decision names no note that it undoes."""
    lines = [line(10_000, tax=standard("22")), line(5_000, position=2)]
    invoice = issued(lines, pricing=Pricing("EUR", prices_include_tax=gross))
    whole = [share.invoiced for share in share_out(invoice)]
    for wanted, credited_then in ((4_000, 4_000 if gross else 4_880), (1_000, 1_000 if gross else 1_220), (0, 0)):
        decide(invoice, lines[0].id, wanted)
        shares = share_out(invoice)
        assert [share.invoiced for share in shares] == whole
        assert [share.credited for share in shares] == [credited_then, 0, 0]
        assert sum(share.outstanding for share in shares) == invoice.outstanding


def test_a_late_fee_and_cash_rounding_are_no_lines() -> None:
    invoice = issued([line(9_998)], pricing=Pricing("CHF", cash_rounding_to=5))
    credited(invoice, NoteAmounts((NoteLine("late fee", 500, 0, EXEMPT),)), "late_fee")
    assert [share.outstanding for share in share_out(invoice)] == [9_998, 502]


def test_a_draft_and_a_void_invoice_ask_for_nothing() -> None:
    assert {share.outstanding for share in share_out(draft([line(100)]))} == {0}
