"""What insurers are expected to pay, on the invoice: estimates, apart from what is owed or was paid (`INS-1`)."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest
from chassis.money import Money
from hypothesis import given
from hypothesis import strategies as st
from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.content.frozen import invoice_as_json, invoice_from_json
from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.render.html import fill
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.kinds import TEMPLATES
from receipts.domain.printed_invoice import InsurerShare
from receipts_insured import insured
from receipts_samples import CLINIC, invoice, invoice_content, money

SECTION = re.compile(r'<section class="estimates">.*?</section>\n', re.DOTALL)


def html_of(content: InvoiceContent, *, brief: bool = False) -> str:
    return unescape(fill(TEMPLATES["invoice"], invoice_view(content, CLINIC, brief=brief)))


def rows_of(content: InvoiceContent) -> list[tuple[str, str, bool]]:
    rows: list[tuple[str, str, bool]] = invoice_view(content, CLINIC, brief=False)["estimates"]
    return rows


def test_it_is_frozen_with_the_invoice_and_read_back_as_it_was() -> None:
    content = invoice_content(insured(invoice()))
    assert invoice_from_json(invoice_as_json(content)) == content
    assert content.invoice.expected_of_patient == money("136.50")


def test_what_was_frozen_by_an_older_release_still_prints_its_shares() -> None:
    """It said neither the patient's share nor the turns."""
    data = invoice_as_json(invoice_content(insured(invoice())))
    del data["invoice"]["patient_share"]
    for share in data["invoice"]["insurers"]:
        del share["sequence"]
    assert rows_of(invoice_from_json(data)) == [
        ("Expected from Aetna (estimate)", "$150.00", False),
        ("Expected reduction by Aetna (estimate)", "$20.00", False),
        ("Expected from نور (estimate)", "$41.25", False),
        ("Patient's share (estimate)", "$136.50", True),
    ]


def test_the_patients_share_is_the_one_that_was_announced() -> None:
    told = replace(insured(invoice()), patient_share=money("99.99"))
    assert rows_of(invoice_content(told))[-1] == ("Patient's share (estimate)", "$99.99", True)


@given(parts=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=1, max_size=3))
def test_where_the_patients_share_was_not_told_the_shares_are_the_total(parts: list[tuple[int, int]]) -> None:
    shares = tuple(
        InsurerShare(payer_name="Aetna", expected=Money(expected, "USD"), write_off=Money(write_off, "USD"))
        for expected, write_off in parts
    )
    one = replace(invoice(), insurers=shares)
    assert sum(map(sum, parts)) + one.expected_of_patient.minor == one.total.minor


def test_an_insurer_without_a_name_is_called_an_insurer() -> None:
    nameless = replace(insured(invoice()).insurers[0], payer_name="")
    assert rows_of(invoice_content(replace(invoice(), insurers=(nameless,))))[0][0] == (
        "Expected from Insurer, primary insurer (estimate)"
    )


@pytest.mark.parametrize("brief", [False, True])
def test_an_invoice_without_estimates_prints_the_same_without_the_block(*, brief: bool) -> None:
    without = html_of(invoice_content(invoice()), brief=brief)
    assert "estimate" not in without.lower()
    with_them = html_of(invoice_content(insured(invoice())), brief=brief)
    rest = SECTION.sub("", with_them)
    for asked, whole in (
        ("Patient's share (estimate)", "Total"),
        ("$136.50", "$347.75"),
        ("Please pay your share, $136.50 as estimated, by", "Please pay by"),
    ):
        assert asked in rest
        rest = rest.replace(asked, whole, 1)
    assert (len(SECTION.findall(with_them)), rest) == (1, without)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_calls_it_an_estimate_and_names_the_turn(language: str) -> None:
    """RCP-4."""
    say = words(language)
    (block,) = SECTION.findall(html_of(invoice_content(insured(invoice()), language=language)))
    turns = [say[f"insurer_{turn}"].replace("{payer}", "") for turn in ("primary", "secondary", "tertiary")]
    assert [block.count(turn) for turn in turns] == [1, 1, 0]
    assert f"<h2>{say['estimates']}</h2>" in block
    assert say["estimates_may_differ"] in block
    labels = re.findall(r'<th scope="row">(.*?)</th>', block)
    called = say["expected_patient"].split("(")[1]
    assert [label.endswith(called) for label in labels] == [True] * 4


def test_names_of_insurers_keep_their_direction_in_arabic() -> None:
    """RCP-4: an insurer's Latin name and its turn must not change places."""
    labels = [label for label, _, _ in rows_of(invoice_content(insured(invoice()), language="ar-EG"))]
    assert ["\u2068Aetna\u2069" in label for label in labels] == [True, True, False, False]
    assert "\u2068نور\u2069" in labels[2]
