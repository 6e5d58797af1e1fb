"""The system's templates are XML, so that they are read fast, and come to what HTML's rules make of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from receipts.documents.content.samples import Sampled, sample_of
from receipts.documents.render import roll
from receipts.documents.render.assets import Assets
from receipts.documents.render.html import fill
from receipts.documents.render.registry import KINDS
from receipts.documents.render.render_job import Stamp
from receipts.documents.render.stamp import TEMPLATE as STAMP
from receipts.documents.render.stamp import stamp_view
from receipts.documents.render.well_formed import BASE, WellFormed
from receipts.domain.settings import DocumentSettings
from receipts_samples import CLINIC, DAY, NOW
from weasyprint import HTML

VOID = Stamp(kind="void", language="ar", paper="A4", zone="UTC", at=NOW, cause="cancellation", reason="<b>&\"'")
SETTINGS = DocumentSettings(
    account_holder="A < B & C", iban="DE89370400440532013000", payment_link="https://pay.example/?a&b={number}"
)


def filled(kind: str, language: str) -> str:
    sampled = Sampled(clinic=CLINIC, settings=SETTINGS, language=language, day=DAY)
    own = KINDS["receipt" if kind == "roll" else kind]  # type: ignore[index]
    view = own.view(own.read(sample_of("receipt" if kind == "roll" else kind, sampled)), CLINIC, brief=False)
    return fill(roll.TEMPLATE, {**view, "stamp": stamp_view(VOID)}) if kind == "roll" else fill(own.template, view)


def told(element: Any) -> Iterator[tuple[Any, ...]]:
    """Every element with what it says, spaces between elements of the head left out, which nobody sees."""
    for one in element.iter():
        said = [(text or "").strip() and text for text in (one.text, one.tail)]
        yield one.tag, dict(one.attrib), *said


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", [*KINDS, "roll", "stamp"])
def test_a_template_read_as_xml_is_what_html_makes_of_it(kind: str, language: str) -> None:
    html = fill(STAMP, stamp_view(VOID)) if kind == "stamp" else filled(kind, language)
    by_rules = HTML(string=html, base_url=BASE, url_fetcher=Assets({}))
    assert list(told(WellFormed(html, Assets({})).etree_element)) == list(told(by_rules.etree_element))
