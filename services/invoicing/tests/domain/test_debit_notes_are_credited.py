"""Groups of invoice and debit notes together: never credited beyond, and all that is left leaves nothing (`MON-11`)."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.credit_note import LineCredit
from invoicing.domain.debit_note import debit
from invoicing.domain.errors import CreditExceedsInvoice, InvoicingError
from invoicing.domain.invoice import Invoice
from invoicing.domain.line_shares import share_out
from invoicing.domain.note import UNDOING, Note
from invoicing.domain.note_errors import DebitNoteCredited
from invoicing.domain.procedure_cost import costs_of, fill
from invoicing.domain.totals import Pricing, total_up
from invoicing_making import EXEMPT, bills, credited, invoices, issued, line, standard, taxes

S19 = standard("19")


def debited(invoice: Invoice, amount: int, tax: object = EXEMPT) -> Note:
    return credited(invoice, debit(amount, "late", tax, invoice.pricing), "correction")  # type: ignore[arg-type]


def left_by_group(invoice: Invoice) -> dict[tuple[str, Decimal], list[int]]:
    """Base and tax that invoice and debit notes have, less what was credited of them: counted here by hand."""
    left: dict[tuple[str, Decimal], list[int]] = defaultdict(lambda: [0, 0])
    for group in invoice.totals.groups:
        left[group.tax.category, group.tax.rate][0] += group.base
        left[group.tax.category, group.tax.rate][1] += group.amount
    for note in invoice.notes:
        sign = 1 if note.side == "debit" else -1
        for one in note.amounts.lines:
            left[one.tax.category, one.tax.rate][0] += sign * one.net
            left[one.tax.category, one.tax.rate][1] += sign * one.tax_amount
    return left


def assert_never_beyond(invoice: Invoice, *, whole: dict[tuple[str, Decimal], list[int]] | None = None) -> None:
    """What is left of each group lies between nothing and all of it, which is below zero where goods were returned."""
    for key, left in left_by_group(invoice).items():
        for part, of in zip(left, (whole or {}).get(key, left), strict=True):
            assert min(0, of) <= part <= max(0, of)
            assert whole is not None or part >= 0
    assert invoice.totals.total + invoice.debited - invoice.credited >= 0
    assert invoice.creditable().left == invoice.totals.total + invoice.debited - invoice.credited


def undo(invoice: Invoice, note: Note) -> None:
    if note.side == "debit":
        invoice.creditable().require_left_of(note)
    credited(invoice, note.amounts, f"undo_{note.side}_note", note.id)


def step(invoice: Invoice, data: st.DataObject) -> None:
    minor = data.draw(st.integers(1, 60_000))
    match data.draw(st.sampled_from(["total", "line", "debit", "part of a debit", "undo", "undo", "all"])):
        case "total":
            credited(invoice, invoice.creditable().credit_total(minor, "part"))
        case "line":
            line_id = data.draw(st.sampled_from([one.id for one in invoice.lines]))
            credited(invoice, invoice.creditable().credit_lines([LineCredit(line_id, minor)]))
        case "debit":
            debited(invoice, minor, data.draw(taxes))
        case "part of a debit" if notes := [note for note in invoice.notes if note.kind == "correction"]:
            part = LineCredit(data.draw(st.sampled_from(notes)).id, minor)
            credited(invoice, invoice.creditable().credit_lines([part]))
        case "undo" if notes := [note for note in invoice.notes if note.kind not in UNDOING]:
            note = invoice.undoable(data.draw(st.sampled_from(notes)).id)
            assert note is not None
            undo(invoice, note)
        case "all":
            credited(invoice, invoice.creditable().credit_everything("the rest"))


@pytest.mark.rule("MON-11.1", "MON-11.2")
@given(invoices, st.data())
def test_no_series_of_notes_and_undoing_credits_a_group_beyond_and_all_that_is_left_leaves_nothing(
    invoice: Invoice, data: st.DataObject
) -> None:
    for _ in range(data.draw(st.integers(0, 12))):
        try:
            step(invoice, data)
        except InvoicingError:
            continue
        assert_never_beyond(invoice)
    if invoice.creditable().left:
        credited(invoice, invoice.creditable().credit_everything("the rest"))
        assert {parts for left in left_by_group(invoice).values() for parts in left} <= {0}
    assert invoice.outstanding == 0
    assert costs_of(invoice) == []


@given(bills(), st.data())
def test_no_series_of_credits_takes_a_group_beyond_where_goods_were_returned_or_something_was_charged(
    invoice: Invoice, data: st.DataObject
) -> None:
    """INV-12, INV-14: a group of returned goods is below zero, and so is what is credited of it."""
    whole = left_by_group(invoice)
    for _ in range(data.draw(st.integers(0, 8))):
        try:
            credit_step(invoice, data)
        except InvoicingError:
            continue
        assert_never_beyond(invoice, whole=whole)
    if any(parts != [0, 0] for parts in left_by_group(invoice).values()):
        credited(invoice, invoice.creditable().credit_everything("the rest"))
    assert {part for left in left_by_group(invoice).values() for part in left} <= {0}
    assert invoice.outstanding == 0
    assert costs_of(invoice) == []


def credit_step(invoice: Invoice, data: st.DataObject) -> None:
    minor = data.draw(st.integers(1, 60_000))
    match data.draw(st.sampled_from(["total", "line", "lines", "undo"])):
        case "total":
            credited(invoice, invoice.creditable().credit_total(minor, "part"))
        case "line":
            line_id = data.draw(st.sampled_from([one.id for one in invoice.lines]))
            credited(invoice, invoice.creditable().credit_lines([LineCredit(line_id, minor)]))
        case "lines":
            ids = data.draw(st.lists(st.sampled_from([one.id for one in invoice.lines]), min_size=1, unique=True))
            credited(invoice, invoice.creditable().credit_lines([LineCredit(id_) for id_ in ids]))
        case "undo" if notes := [note for note in invoice.notes if note.kind not in UNDOING]:
            note = invoice.undoable(data.draw(st.sampled_from(notes)).id)
            assert note is not None
            undo(invoice, note)


@given(bills())
def test_shares_and_costs_of_a_bill_add_up_whatever_it_says(invoice: Invoice) -> None:
    """MON-3, PLN-3: also where goods were returned, and with charges of the document."""
    asked = invoice.outstanding
    invoice.settled = asked // 3
    assert sum(share.outstanding for share in share_out(invoice)) == invoice.outstanding
    costs = costs_of(invoice)
    assert sum(cost.amount for cost in costs) == asked
    columns = [asked // 3, asked - asked // 3]
    carried = fill(costs, columns)
    assert [sum(cost.amount for cost in column) for column in carried] == columns
    rows = sorted((cost.description, cost.amount) for cost in costs)
    assert sum(amount for _, amount in rows) == sum(cost.amount for column in carried for cost in column)


@given(bills())
def test_the_totals_of_a_bill_add_up_whatever_it_says(invoice: Invoice) -> None:
    totals = invoice.totals
    nets = [one.net for one in totals.lines] + [charge.net for charge in totals.charges]
    assert sum(nets) == totals.net == sum(group.base for group in totals.groups)
    assert totals.net + totals.tax + totals.cash_rounding == totals.total >= 0
    priced = [one.priced for one in totals.lines] + [charge.priced for charge in totals.charges]
    amounts = sum(one.amount for one in totals.lines) + totals.charge - totals.discount
    assert sum(priced) == amounts
    assert total_up(invoice.lines, invoice.content.adjustments, invoice.pricing) == totals


@pytest.mark.rule("MON-11.1", "MON-11.2")
@pytest.mark.parametrize(("first", "then"), [(S19, EXEMPT), (EXEMPT, S19)])
def test_all_that_is_left_reaches_each_group_of_invoice_and_debit_note(first: object, then: object) -> None:
    invoice = issued([line(10_000, tax=first)])  # type: ignore[arg-type]
    debited(invoice, 10_000, then)
    amounts = invoice.creditable().credit_everything("all of it")
    assert amounts.total == 21_900
    assert sorted((one.tax.category, one.net, one.tax_amount) for one in amounts.lines) == [
        ("E", 10_000, 0),
        ("S", 10_000, 1_900),
    ]


def test_a_debit_note_on_a_group_of_the_invoice_makes_one_group_with_it() -> None:
    invoice = issued([line(3, tax=S19)])
    debited(invoice, 3, S19)
    amounts = invoice.creditable().credit_everything("all of it")
    assert [(one.net, one.tax_amount) for one in amounts.lines] == [(6, 2)]


def test_a_debit_note_is_credited_in_part_and_no_further_than_it_is() -> None:
    invoice = issued([line(10_000)])
    note = debited(invoice, 1_000, S19)
    part = invoice.creditable().credit_lines([LineCredit(note.id, 400)])
    assert [(one.debit_note_id, one.net, one.tax_amount) for one in part.lines] == [(note.id, 400, 76)]
    credited(invoice, part)
    with pytest.raises(CreditExceedsInvoice) as refused:
        invoice.creditable().credit_lines([LineCredit(note.id, 601)])
    assert refused.value.left.minor == 600
    assert invoice.creditable().credit_lines([LineCredit(note.id)]).total == 714


def test_a_debit_note_of_which_something_was_credited_is_not_undone_until_that_is() -> None:
    invoice = issued([line(10_000)])
    note = debited(invoice, 5_000)
    credit = credited(invoice, invoice.creditable().credit_total(12_000, "courtesy"))
    with pytest.raises(DebitNoteCredited) as refused:
        undo(invoice, note)
    assert refused.value.left.minor == 3_000
    undo(invoice, credit)
    undo(invoice, note)
    assert (invoice.outstanding, invoice.creditable().left) == (10_000, 10_000)


def test_a_debit_note_that_was_credited_by_name_is_not_undone_whatever_else_its_group_has() -> None:
    invoice = issued([line(10_000)])
    note = debited(invoice, 5_000)
    credited(invoice, invoice.creditable().credit_lines([LineCredit(note.id, 1)]))
    with pytest.raises(DebitNoteCredited) as refused:
        undo(invoice, note)
    assert refused.value.left.minor == 4_999


def test_a_line_that_is_not_the_invoices_is_refused() -> None:
    invoice = issued([line(10_000)])
    with pytest.raises(InvoicingError):
        invoice.creditable().credit_lines([LineCredit(UUID(int=1))])


@pytest.mark.rule("MON-12.2")
def test_where_cash_is_rounded_a_debit_note_is_too_and_all_that_is_left_takes_both_roundings_along() -> None:
    """What is left can be paid in coins, and nothing is left after a note of it."""
    invoice = issued([line(9_998)], pricing=Pricing("CHF", cash_rounding_to=5))
    debited(invoice, 2_747)
    assert invoice.outstanding == 10_000 + 2_745
    amounts = invoice.creditable().credit_everything("all of it")
    assert (amounts.net, amounts.cash_rounding, amounts.total) == (12_745, 0, 12_745)
    credited(invoice, amounts)
    assert (invoice.outstanding, invoice.creditable().left) == (0, 0)
