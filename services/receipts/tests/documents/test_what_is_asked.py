"""A document asks the patient for what the patient owes, and for nothing where nothing is owed (INS-4, RCP-4)."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest
from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.html import fill
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.kinds import TEMPLATES
from receipts.domain.printed_invoice import PrintedInvoice
from receipts_insured import insured
from receipts_samples import CLINIC, invoice, invoice_content, money


def html_of(content: InvoiceContent) -> str:
    return unescape(fill(TEMPLATES["invoice"], invoice_view(content, CLINIC, brief=False)))


def covered(of: PrintedInvoice) -> PrintedInvoice:
    """Insurers are expected to pay all of it."""
    return replace(insured(of), patient_share=money("0.00"))


def free(of: PrintedInvoice) -> PrintedInvoice:
    """Of nothing, as a check under guarantee."""
    return replace(of, total=money("0.00"), net=money("0.00"))


@pytest.mark.rule("INS-4.4")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_insured_patient_is_asked_for_the_share(language: str) -> None:
    """D5: "Total $1,215.00 … Please pay by", with a share of 335.00."""
    formats = Formatting(language)
    share, total = formats.money(money("136.50")), formats.money(money("347.75"))
    view = invoice_view(invoice_content(insured(invoice()), language=language), CLINIC, brief=False)
    assert (view["amount_label"], view["amount"]) == (words(language)["expected_patient"], share)
    assert share in view["please_pay"]
    assert total not in view["please_pay"]
    assert formats.day(invoice().due_date) in view["please_pay"]
    assert (words(language)["total_due"], total, True) in view["sums"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("made", [covered, free], ids=["covered", "free"])
def test_where_the_patient_owes_nothing_nothing_is_asked(language: str, made: object) -> None:
    say = words(language)
    content = invoice_content(made(invoice()), language=language)  # type: ignore[operator]
    html = html_of(content)
    assert say["nothing_to_pay"] in html
    assert say["due_date"] not in html
    assert max(say["please_pay"].split("{date}"), key=len) not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_insurers_the_total_is_asked_for(language: str) -> None:
    view = invoice_view(invoice_content(invoice(), language=language), CLINIC, brief=False)
    formats = Formatting(language)
    assert (view["amount_label"], view["amount"]) == (formats.words["total_due"], formats.money(money("347.75")))
    assert view["please_pay"] == formats.text("please_pay", date=formats.day(invoice().due_date))
