"""Words of each language stay in their columns and on the page, however long (RCP-4)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import combinations, pairwise
from typing import Any

import pypdf
import pypdfium2
import pytest
from chassis.money import Money
from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.content.frozen import invoice_as_json, statement_as_json
from receipts.documents.render.engine import Engine
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain.account import Account, AccountLine
from receipts_samples import CLINIC, account, invoice, invoice_content, money, statement_content

LONG = {
    "de": "Wurzelkanalbehandlungsnachbesprechungstermin Wurzelkanalbehandlungsnachbesprechungstermin",
    "fr": "Anticonstitutionnellement désinsertion parodontale interproximale",
    "pl": "Najniebezpieczniejszego przedsiębiorstwa stomatologicznego",
    "uk": "Найелектрифікованішого стоматологічного обстеження",
    "ja": "上顎左側第一大臼歯メタルボンド冠の作製および装着ならびに経過観察処置料金一式",
    "ar": "استشارة طبية شاملة للأسنان واللثة مع صورة إشعاعية بانورامية",
}


def pages_of(language: str, lines: int, discount: str) -> list[pypdf.PageObject]:
    made = invoice(lines, currency="EUR")
    first = replace(made.lines[0], description=LONG[language], discount=money(discount, "EUR"), quantity="12345.6789")
    second = replace(made.lines[1], description="x" * 60, unit_price=Money(123_456_789, "EUR"))
    content = invoice_content(replace(made, lines=(first, second, *made.lines[2:])), language=language)
    clinic = replace(CLINIC, name="Zahnmedizinisches Versorgungszentrum Donaudampfschifffahrtsgesellschaftspraxen")
    job = RenderJob(kind="invoice", content=invoice_as_json(content), clinic=clinic, brief=False)
    return list(pypdf.PdfReader(BytesIO(printed(job))).pages)


def shown_on(page: pypdf.PageObject) -> list[tuple[float, float, str]]:
    """Each run of text, with where it begins."""
    found: list[tuple[float, float, str]] = []

    def visit(text: str, outer: Any, inner: Any, _font: Any, _size: Any) -> None:
        if text.strip():
            x, y = inner[4], inner[5]
            found.append((outer[0] * x + outer[2] * y + outer[4], outer[1] * x + outer[3] * y + outer[5], text.strip()))

    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.rule("RCP-4.8")
@pytest.mark.parametrize("language", LONG)
def test_a_long_word_is_broken_within_its_column(language: str) -> None:
    """D3: with date, provider and discount columns a German word ran over the next one."""
    (page, *_) = pages_of(language, 2, "10.00")
    longest = max((text for _, _, text in shown_on(page) if set(text) == {"x"}), key=len)
    assert math.ceil(60 / len(longest)) > 1, "a word of sixty letters is broken"
    assert page.extract_text().count("x") >= 60


def boxes_of(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Where each run of text on the first page is: left, bottom, right, top."""
    document: Any = pypdfium2.PdfDocument(pdf)
    try:
        text = document[0].get_textpage()
        return [text.get_rect(one) for one in range(text.count_rects())]
    finally:
        document.close()


def on_another(boxes: Sequence[tuple[float, float, float, float]]) -> list[tuple[Any, Any]]:
    """The pairs of which one begins on the other: more than a point across, and half a line down."""
    return [
        (one, other)
        for one, other in combinations(boxes, 2)
        if min(one[2], other[2]) - max(one[0], other[0]) > 1 and min(one[3], other[3]) - max(one[1], other[1]) > 4
    ]


@pytest.mark.rule("RCP-4.8")
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_words_are_printed_over_others(language: str) -> None:
    """The gallery showed Ukrainian days on the treatment beside them."""
    made = invoice(3)
    lines = tuple(replace(line, date_of_service=date(2026, 11, 24)) for line in made.lines)
    content = invoice_as_json(invoice_content(replace(made, lines=lines), language=language))
    pdf = printed(RenderJob(kind="invoice", content=content, clinic=CLINIC, brief=False))
    assert on_another(boxes_of(pdf)) == []


@pytest.mark.rule("RCP-4.8")
def test_the_head_of_a_table_is_on_each_of_its_pages() -> None:
    pages = pages_of("de", 60, "0")
    with_lines = [page.extract_text() for page in pages if "Code " in page.extract_text()]
    assert len(with_lines) > 1
    assert all("Einzelpreis" in text for text in with_lines)


@pytest.mark.rule("RCP-4.8")
def test_a_long_invoice_says_on_each_page_what_is_carried_forward() -> None:
    """D3: sixty lines took five pages, and none said what the lines before came to."""
    formats, made = Formatting("de"), invoice(60, currency="EUR")
    job = RenderJob(kind="invoice", content=invoice_as_json(invoice_content(made, "de")), clinic=CLINIC, brief=False)
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(printed(job))).pages]
    assert len(pages) == 3
    so_far, lines = 0, iter(made.lines)
    for page, following in pairwise(pages):
        so_far += sum(next(lines).net.minor for _ in range(page.count("Code ")))
        assert f"Übertrag: {formats.money(Money(so_far, 'EUR'))}" in following
    assert "Übertrag" not in pages[0]


@pytest.mark.rule("RCP-4.8")
def test_a_long_statement_begins_each_page_with_the_balance_of_the_page_before() -> None:
    lines: list[AccountLine] = []
    for position in range(1, 61):
        line = account().lines[0]
        lines.append(replace(line, change=money("1.00"), amount=money("1.00"), balance=money(f"{80 + position}.00")))
    long = Account(opening=money("80.00"), lines=tuple(lines), closing=money("140.00"))
    content = statement_as_json(statement_content(long))
    job = RenderJob(kind="statement", content=content, clinic=CLINIC, brief=False)
    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(printed(job))).pages]
    assert len(pages) == 2
    assert f"Carried forward: ${80 + pages[0].count('INV-2026-000118')}.00" in pages[1]


TITLES = (
    "receipt_title refund_title invoice_title credit_note_title debit_note_title statement_title plan_title "
    "day_sheet_title"
).split()


@pytest.mark.rule("RCP-4.8")
def test_no_title_is_broken_within_a_word() -> None:
    """Every German credit note said 'Rechnungskorrek-tur' beside an empty half of the page; all titles, on one page."""
    titles = [words(language)[title] for language in LANGUAGES if language != "ja" for title in TITLES]
    letterheads = "".join(f'<div class="letterhead"><div class="what"><h1>{title}</h1></div></div>' for title in titles)
    html = f'<html lang="en"><head><title>-</title></head><body class="a4">{letterheads}</body></html>'
    pages = pypdf.PdfReader(BytesIO(Engine().pdf(html, style="document.css"))).pages
    printed_words = " ".join(page.extract_text() for page in pages).split()
    whole = [word for title in titles for word in title.split() if not word[0] > "\u0500"]
    assert [word for word in whole if word not in printed_words] == [], "Arabic is drawn from the other end"


def test_a_short_invoice_carries_nothing_forward() -> None:
    assert not invoice_view(invoice_content(invoice(3)), CLINIC, brief=False)["carried"]
