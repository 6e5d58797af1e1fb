"""Any series of partial credit notes adds up to the invoice to the cent, with no tolerance (`MON-5`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.credit_note import LineCredit
from invoicing.domain.errors import CreditExceedsInvoice, InvoicingError
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import NoteAmounts
from invoicing.domain.rounding import HALF_UP
from invoicing.domain.totals import Pricing
from invoicing_making import credited, invoices, issued, line, off, percent, standard

SHOP = Pricing("EUR", prices_include_tax=True)


def sound(amounts: NoteAmounts) -> bool:
    return all(one.net >= 0 and one.tax_amount >= 0 for one in amounts.lines)


def group_sums(invoice: Invoice) -> dict[tuple[str, str], tuple[int, int]]:
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for note in invoice.notes:
        sign = 1 if note.side == "credit" else -1
        for one in note.amounts.lines:
            net, tax = sums.get((one.tax.category, str(one.tax.rate)), (0, 0))
            key = (one.tax.category, str(one.tax.rate))
            sums[key] = (net + sign * one.net, tax + sign * one.tax_amount)
    return sums


@pytest.mark.rule("MON-5.2")
@given(invoices, st.lists(st.integers(1, 400_000), max_size=12))
def test_any_series_of_totals_ends_exactly_at_zero(invoice: Invoice, asked: list[int]) -> None:
    for total in asked:
        left = invoice.creditable().left
        if total < left:
            amounts = invoice.creditable().credit_total(total, "part")
            assert amounts.total == total
            assert sound(amounts)
            credited(invoice, amounts)
            assert invoice.creditable().left == left - total
    finish(invoice)


@pytest.mark.rule("MON-5.2")
@given(invoices, st.data())
def test_any_series_of_line_credits_ends_exactly_at_zero(invoice: Invoice, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 8))):
        index = data.draw(st.integers(0, len(invoice.lines) - 1))
        part = LineCredit(invoice.lines[index].id, data.draw(st.integers(1, 100_000)))
        try:
            amounts = invoice.creditable().credit_lines([part])
        except CreditExceedsInvoice:
            continue
        assert sound(amounts)
        credited(invoice, amounts)
    finish(invoice)


@given(invoices, st.data())
def test_line_credits_totals_and_undoing_in_any_order_end_at_zero(invoice: Invoice, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 10))):
        try:
            step(invoice, data)
        except InvoicingError:
            continue
    finish(invoice)


def step(invoice: Invoice, data: st.DataObject) -> None:
    match data.draw(st.sampled_from(["total", "line", "undo"])):
        case "total":
            credited(invoice, invoice.creditable().credit_total(data.draw(st.integers(1, 50_000)), "part"))
        case "line":
            line_id = data.draw(st.sampled_from([one.id for one in invoice.lines]))
            credited(invoice, invoice.creditable().credit_lines([LineCredit(line_id, data.draw(st.integers(1, 9999)))]))
        case "undo" if invoice.notes:
            note = invoice.undoable(data.draw(st.sampled_from(invoice.notes)).id)
            assert note is not None
            credited(invoice, note.amounts, "undo_credit_note", note.id)


def finish(invoice: Invoice) -> None:
    """Credit what is left, then each tax group is at its own amounts and nothing is owed."""
    if invoice.creditable().left:
        credited(invoice, invoice.creditable().credit_everything("the rest"))
    assert invoice.credited - invoice.debited == invoice.totals.total
    assert invoice.outstanding == 0
    if invoice.pricing.cash_rounding_to > 1:
        return  # a cent of a group may stand against a cent of cash rounding
    wanted = {(group.tax.category, str(group.tax.rate)): (group.base, group.amount) for group in invoice.totals.groups}
    assert {key: sums for key, sums in group_sums(invoice).items() if any(sums)} == {
        key: sums for key, sums in wanted.items() if any(sums)
    }


@pytest.mark.parametrize("pricing", [Pricing("EUR"), SHOP])
def test_four_partial_credit_notes_on_334_99(pricing: Pricing) -> None:
    invoice = issued([line(33_499, tax=standard("22"))], pricing=pricing)
    for part in (8_375, 8_375, 8_375, 8_374):
        credited(invoice, invoice.creditable().credit_lines([LineCredit(invoice.lines[0].id, part)]))
    assert invoice.outstanding == 0
    assert invoice.creditable().left == 0


@pytest.mark.rule("MON-5.1")
def test_the_tax_of_a_part_is_that_of_all_credited_so_far_less_what_was_credited() -> None:
    invoice = issued([line(33_499, tax=standard("22"))])
    so_far = tax = 0
    for part in (8_375, 8_375, 8_375, 8_374):
        (one,) = invoice.creditable().credit_lines([LineCredit(invoice.lines[0].id, part)]).lines
        credited(invoice, NoteAmounts((one,)))
        so_far += part
        assert one.tax_amount == HALF_UP.tax_on(so_far, standard("22").rate) - tax
        tax += one.tax_amount


def test_more_than_is_left_is_refused_naming_what_is_left() -> None:
    invoice = issued([line(10_000)])
    credited(invoice, invoice.creditable().credit_total(6_000, "part"))
    with pytest.raises(CreditExceedsInvoice) as refused:
        invoice.creditable().credit_total(4_001, "part")
    assert refused.value.left.minor == 4_000


def test_a_line_is_credited_no_further_than_its_discounted_price() -> None:
    invoice = issued([line(10_000, discount=off(1_000)), line(5_000, position=2)], percent("10"))
    with pytest.raises(CreditExceedsInvoice) as refused:
        invoice.creditable().credit_lines([LineCredit(invoice.lines[0].id, 8_101)])
    assert refused.value.field == "lines[0].amount"
    assert invoice.creditable().credit_lines([LineCredit(invoice.lines[0].id)]).total == 8_100


def test_the_last_credit_takes_the_cash_rounding_with_it() -> None:
    invoice = issued([line(9_998), line(2_000, position=2)], pricing=Pricing("CHF", cash_rounding_to=5))
    credited(invoice, invoice.creditable().credit_lines([LineCredit(invoice.lines[0].id)]))
    last = invoice.creditable().credit_lines([LineCredit(invoice.lines[1].id)])
    assert (last.net, last.cash_rounding) == (2_000, 2)


def test_lines_of_an_invoice_rounded_down_are_credited_no_further_than_it_asks() -> None:
    invoice = issued([line(1_001), line(1, position=2)], pricing=Pricing("CHF", cash_rounding_to=5))
    amounts = invoice.creditable().credit_lines([LineCredit(invoice.lines[0].id)])
    assert (amounts.net, amounts.cash_rounding, amounts.total) == (1_001, -1, 1_000)
