"""Where an amount is with tax and another is without, the document says which is which (MON-4, RCP-4)."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.render import receipt as receipts
from receipts.documents.render.html import fill
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.kinds import TEMPLATES
from receipts.domain.printed_invoice import PrintedInvoice, TaxGroup
from receipts_samples import CLINIC, invoice, invoice_content, line, money, payment, receipt_content


def taxed(*, gross: bool) -> PrintedInvoice:
    """A brush at 119.00 with 19 % in it, or at 100.00 with 19 % on it, less a tenth."""
    price, discount = ("119.00", "11.90") if gross else ("100.00", "10.00")
    brush = replace(line(1), unit_price=money(price), discount=money(discount), net=money("90.00"), tax_rate="19")
    group = TaxGroup(category="S", rate="19", base=money("90.00"), tax=money("17.10"), exemption_reason=None)
    return replace(
        invoice(1),
        prices_include_tax=gross,
        lines=(replace(brush, tax_category="S"),),
        net=money("90.00"),
        tax=money("17.10"),
        total=money("107.10"),
        taxes=(group,),
    )


def heads_of(of: PrintedInvoice, language: str) -> list[str]:
    html = unescape(
        fill(TEMPLATES["invoice"], invoice_view(invoice_content(of, language=language), CLINIC, brief=False))
    )
    head = html.partition("<thead>")[2].partition("</thead>")[0]
    return [cell.partition("</th>")[0] for cell in head.split('scope="col"')[1:]]


def named(heads: list[str], label: str) -> bool:
    return any(head.endswith(f">{label}") for head in heads)


@pytest.mark.parametrize("language", LANGUAGES)
def test_gross_prices_and_net_amounts_are_called_so(language: str) -> None:
    say = words(language)
    heads = heads_of(taxed(gross=True), language)
    assert named(heads, say["col_unit_price_gross"])
    assert named(heads, say["col_discount_gross"])
    assert named(heads, say["col_net"])
    assert not named(heads, say["col_unit_price"])
    assert not named(heads, say["col_amount"])


@pytest.mark.rule("RCP-2.10")
@pytest.mark.parametrize("language", LANGUAGES)
def test_net_prices_say_that_the_amount_is_net(language: str) -> None:
    say = words(language)
    heads = heads_of(taxed(gross=False), language)
    assert named(heads, say["col_unit_price"])
    assert named(heads, say["col_net"])


@pytest.mark.parametrize("gross", [True, False])
def test_where_nothing_is_taxed_there_is_but_one_amount(*, gross: bool) -> None:
    heads = heads_of(replace(invoice(), prices_include_tax=gross), "en")
    assert named(heads, "Unit price")
    assert named(heads, "Amount")


@pytest.mark.rule("RCP-2.10")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipts_lines_say_it_too(language: str) -> None:
    say = words(language)
    for of, label in ((taxed(gross=True), say["col_net"]), (invoice(1), say["col_amount"])):
        content = receipt_content(payment(of, of.total), of, language=language)
        html = unescape(fill(TEMPLATES["receipt"], receipts.receipt_view(content, CLINIC, brief=False)))
        assert f'class="figure">{label}</th>' in html


@pytest.mark.rule("RCP-2.10")
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_refund_takes_of_lines_says_that_tax_is_in_it(language: str) -> None:
    """RCP-2: 107.10, of it 17.10 tax; of an invoice without tax there is but one amount."""
    say = words(language)
    for of, label in ((taxed(gross=True), say["col_amount_gross"]), (invoice(1), say["col_amount"])):
        content = receipt_content(payment(of, of.total), of, language=language)
        (told,) = content.settled
        told = replace(told, only_named=True, of_named=of.total, of_lines=(of.total,))
        view = receipts.receipt_view(replace(content, kind="refund", settled=(told,)), CLINIC, brief=False)
        assert f'class="figure">{label}</th>' in unescape(fill(TEMPLATES["receipt"], view))
