"""Totals re-add, whatever is on the invoice (`MON-3`, `MON-4`, `MON-6`)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invoicing.domain.adjustments import NO_ADJUSTMENTS, Adjustments
from invoicing.domain.errors import DiscountExceedsAmount
from invoicing.domain.invoice import Invoice
from invoicing.domain.totals import Pricing, Totals, total_up
from invoicing_making import EXEMPT, draft, invoices, line, off, percent, pricings, standard

NET, GROSS = Pricing("EUR"), Pricing("EUR", prices_include_tax=True)


def re_adds(totals: Totals) -> bool:
    return (
        totals.net + totals.tax + totals.cash_rounding == totals.total
        and sum(one.net for one in totals.lines) == totals.net == sum(group.base for group in totals.groups)
        and sum(group.amount for group in totals.groups) == totals.tax
        and sum(one.discount + one.document_discount for one in totals.lines) == totals.discount
        and all(0 <= one.net <= one.priced <= one.amount for one in totals.lines)
    )


@pytest.mark.rule("MON-4.1")
@given(invoices)
def test_totals_of_any_invoice_re_add(invoice: Invoice) -> None:
    assert re_adds(invoice.totals)
    assert invoice.totals.total % invoice.pricing.cash_rounding_to == 0


@given(invoices)
def test_recomputing_gives_the_same_cents(invoice: Invoice) -> None:
    again = total_up(invoice.lines, invoice.content.adjustments, invoice.pricing)
    assert again == invoice.totals


@pytest.mark.rule("MON-4.2")
@given(invoices)
def test_gross_prices_are_paid_exactly_as_shown(invoice: Invoice) -> None:
    totals = invoice.totals
    if invoice.pricing.prices_include_tax:
        assert totals.net + totals.tax == sum(one.priced for one in totals.lines)


@pytest.mark.rule("INV-5.3")
@given(pricings)
def test_a_discount_of_100_percent_leaves_exactly_zero(pricing: Pricing) -> None:
    lines = [line(3333, "3", standard("22"), position=1), line(1, position=2)]
    assert total_up(lines, Adjustments(percent("100")), pricing).total == 0
    whole = [line(3333, "3", standard("22"), percent("100")), line(999, "1.5", EXEMPT, percent("100"))]
    assert total_up(whole, NO_ADJUSTMENTS, pricing).total == 0


@pytest.mark.rule("MON-4.1")
def test_the_line_is_rounded_before_the_tax() -> None:
    totals = total_up([line(445_888, "1.2", standard("22"))], NO_ADJUSTMENTS, NET)  # 5,350.656 net
    assert (totals.net, totals.tax, totals.total) == (535_066, 117_715, 652_781)


def test_a_discount_of_10_over_three_lines_loses_no_cent() -> None:
    totals = total_up([line(3333, position=n) for n in (1, 2, 3)], Adjustments(off(1000)), NET)
    assert [one.document_discount for one in totals.lines] == [334, 333, 333]
    assert totals.total == 8999


def test_exempt_and_taxed_lines_stand_on_one_invoice() -> None:
    totals = total_up([line(10_000), line(1_999, "3", standard("19"), position=2)], NO_ADJUSTMENTS, NET)
    assert [(group.tax.category, group.base, group.amount) for group in totals.groups] == [
        ("E", 10_000, 0),
        ("S", 5_997, 1_139),
    ]


@pytest.mark.rule("MON-4.1")
def test_one_tax_is_rounded_per_group_and_not_per_line() -> None:
    totals = total_up([line(7, tax=standard("22"), position=n) for n in range(1, 11)], NO_ADJUSTMENTS, NET)
    assert totals.tax == 15  # ten times round(1.54) would be 20


def test_gross_prices_contain_their_tax() -> None:
    totals = total_up([line(12_200, tax=standard("22"))], NO_ADJUSTMENTS, GROSS)
    assert (totals.net, totals.tax, totals.total) == (10_000, 2_200, 12_200)
    odd = total_up([line(103, tax=standard("22"))], NO_ADJUSTMENTS, GROSS)
    assert odd.total == 103


@pytest.mark.rule("MON-6.2")
def test_cash_rounding_is_a_total_of_its_own() -> None:
    totals = total_up([line(9_998)], NO_ADJUSTMENTS, Pricing("CHF", cash_rounding_to=5))
    assert (totals.net, totals.cash_rounding, totals.total) == (9_998, 2, 10_000)
    down = total_up([line(9_992)], NO_ADJUSTMENTS, Pricing("CHF", cash_rounding_to=5))
    assert (down.cash_rounding, down.total) == (-2, 9_990)


@pytest.mark.rule("INV-5.4")
def test_a_line_discount_above_the_line_is_refused_naming_it() -> None:
    with pytest.raises(DiscountExceedsAmount) as refused:
        draft([line(100), line(100, discount=off(101), position=2)]).totals  # noqa: B018 - computing is the test
    assert refused.value.field == "lines[1].discount"


@pytest.mark.rule("INV-5.4")
def test_a_document_discount_above_the_lines_is_refused() -> None:
    with pytest.raises(DiscountExceedsAmount):
        total_up([line(100)], Adjustments(off(101)), NET)


@pytest.mark.rule("MON-3.2", "MON-3.3", "MON-3.4")
@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=12), st.data())
def test_a_document_discount_is_split_to_the_cent_and_no_share_exceeds_its_line(
    prices: list[int], data: st.DataObject
) -> None:
    """MON-3: largest remainder, ties in line order."""
    whole = sum(prices)
    taken = data.draw(st.integers(1, whole)) if whole else 0
    lines = [line(price, position=n) for n, price in enumerate(prices, start=1)]
    totals = total_up(lines, Adjustments(off(taken) if taken else None), NET)
    shares = [one.document_discount for one in totals.lines]
    assert sum(shares) == taken
    assert all(0 <= share <= price for share, price in zip(shares, prices, strict=True))
    floors = [taken * price // whole if whole else 0 for price in prices]
    raised = {n for n, share in enumerate(shares) if share > floors[n]}
    assert all(share - floors[n] in (0, 1) for n, share in enumerate(shares))
    for one in raised:
        for other in set(range(len(prices))) - raised:
            mine, theirs = taken * prices[one] % whole, taken * prices[other] % whole
            assert mine > theirs or (mine == theirs and one < other)
