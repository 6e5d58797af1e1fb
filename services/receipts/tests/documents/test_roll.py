"""Receipts on an 80 mm roll (`RCP-4`)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

import pypdf
import pytest
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.content.receipt import ReceiptContent
from receipts.documents.render.render_job import AssetRefused, RenderJob, Stamp, TemplateRefused
from receipts.documents.render.worker import printed
from receipts.domain.own_templates import OwnTemplate
from receipts_samples import CLINIC, NOW, invoice, money, payment, receipt_content

MILLIMETER = 72 / 25.4
VOID = Stamp(
    kind="void",
    language="en-US",
    paper="A4",
    zone="America/New_York",
    at=NOW,
    cause="cancellation",
    reason="Entered twice",
)
OWN = """{% extends "roll.html" %}
{% block letterhead %}<h1>{{ clinic.name }}<br>Since 1987</h1><p>{{ number }}{% endblock %}
{% block end %}
<p style="float: left; height: 50mm">Until spring</p><p style="position: absolute; top: 900mm">LOW</p>
{% endblock %}
"""


def rolled(
    content: ReceiptContent, *, brief: bool = False, stamp: Stamp | None = None, template: str | None = None
) -> pypdf.PdfReader:
    own = None if template is None else OwnTemplate(template=template)
    job = RenderJob(
        kind="receipt", content=receipt_as_json(content), clinic=CLINIC, brief=brief, roll=True, stamp=stamp, own=own
    )
    return pypdf.PdfReader(BytesIO(printed(job)))


def note_height(seen: list[float], text: str, _: Any, matrix: Any, *_more: Any) -> None:
    """Where a text stands on its page, as pypdf tells a visitor."""
    if text.strip():
        seen.append(matrix[5])


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


@pytest.mark.rule("RCP-4.2")
def test_a_roll_is_80_mm_wide_and_as_long_as_what_it_says() -> None:
    """RCP-4."""
    lengths = []
    for lines in (1, 3, 60):
        one = invoice(lines)
        (page,) = rolled(receipt_content(payment(one, money("50.00")), one)).pages
        assert round(float(page.mediabox.width) / MILLIMETER) == 80
        lengths.append(float(page.mediabox.height) / MILLIMETER)
        lowest: list[float] = []
        page.extract_text(visitor_text=partial(note_height, lowest))
        assert 2 < min(lowest) / MILLIMETER < 12
    assert 90 < lengths[0] < lengths[1] < 250
    assert lengths[2] > 700


@pytest.mark.rule("RCP-2.1")
def test_a_roll_says_what_a_sheet_says() -> None:
    """RCP-2."""
    one = invoice()
    text = text_of(rolled(receipt_content(payment(one, money("200.00"), credit=money("50.00")), one)))
    for expected in (
        "Beacon Hill Dental",
        "Tax number 04-2103547",
        "Receipt No. RCP-2026-000042",
        "Nov 23, 2026, 10:42",
        "Andrés Muñoz",
        "Invoice INV-2026-000118 of Nov 20, 2026",
        "Dental consultation and report",
        "Code 234696006 · tooth 36",
        "Paid with this payment $200.00",
        "Kept as credit $50.00",
        "Amount paid $250.00",
        "Paid at the front desk.",
    ):
        assert expected in text, expected


@pytest.mark.rule("RCP-2.7")
def test_the_brief_one_shows_no_procedure() -> None:
    """RCP-2."""
    one = invoice()
    text = text_of(rolled(receipt_content(payment(one, money("200.00")), one), brief=True))
    assert "Paid with this payment $200.00" in text
    assert "Extraction" not in text
    assert "tooth" not in text


@pytest.mark.parametrize(
    ("kind", "cause", "said"),
    [
        ("void", "cancellation", "VOID Cancelled on Nov 23, 2026 Reason: Entered twice"),
        ("copy", None, "COPY Copy of the original of Nov 23, 2026"),
    ],
)
def test_a_roll_says_at_its_top_that_it_is_void_or_a_copy(kind: str, cause: str | None, said: str) -> None:
    """RCP-1, RCP-3."""
    one = invoice()
    stamp = replace(VOID, kind=kind, cause=cause, reason="Entered twice" if cause else None)  # type: ignore[arg-type]
    pdf = rolled(receipt_content(payment(one, money("200.00")), one), stamp=stamp)
    assert text_of(pdf).startswith(said)
    assert pdf.metadata is not None
    assert str(pdf.metadata.title).startswith(stamp.kind.upper())


@pytest.mark.rule("RCP-4.4")
def test_arabic_runs_from_right_to_left_on_a_roll_too() -> None:
    one = invoice()
    pdf = rolled(receipt_content(payment(one, money("200.00")), one, language="ar-EG"))
    fonts = pdf.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert any("Arabic" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
    assert "RCP-2026-000042" in text_of(pdf)


@pytest.mark.rule("RCP-6.2")
def test_a_clinics_own_template_makes_the_roll_as_long_as_what_it_says() -> None:
    """D4: what floats or stands at a place of its own is not cut off."""
    one = invoice()
    content = receipt_content(payment(one, money("200.00")), one)
    (page,) = rolled(content, template=OWN).pages
    assert round(float(page.mediabox.width) / MILLIMETER) == 80
    assert 900 < float(page.mediabox.height) / MILLIMETER < 915
    (shorter,) = rolled(content, template=OWN.replace("position: absolute", "display: none")).pages
    (systems,) = rolled(content).pages
    assert float(shorter.mediabox.height) - float(systems.mediabox.height) > 10 * MILLIMETER
    said = page.extract_text()
    assert ("Since 1987" in said, "Until spring" in said, "Thank you" in said) == (True, True, False)


@pytest.mark.rule("RCP-6.2")
def test_a_clinics_own_template_leaves_the_stamp_where_it_is() -> None:
    """RCP-3."""
    one = invoice()
    content = receipt_content(payment(one, money("200.00")), one)
    pdf = rolled(content, template=OWN, stamp=VOID)
    assert "VOID Cancelled on Nov 23, 2026 Reason: Entered twice Beacon Hill Dental Since 1987" in text_of(pdf)


@pytest.mark.rule("RCP-6.2", "RCP-6.3")
@pytest.mark.parametrize(
    ("template", "why"),
    [
        ('{% extends "frame.html" %}{% block body %}{{ number }}{{ amount }}{% endblock %}', TemplateRefused),
        ('{% extends "receipt.html" %}', TemplateRefused),
        ('{% extends "roll.html" %}{% block letterhead %}{% endblock %}', TemplateRefused),
        ('{% extends "roll.html" %}{% block end %}<img src="file:///etc/passwd" alt="">{% endblock %}', AssetRefused),
    ],
)
def test_the_template_of_a_roll_is_held_to_what_others_are(template: str, why: type[Exception]) -> None:
    one = invoice()
    with pytest.raises(why):
        rolled(receipt_content(payment(one, money("200.00")), one), template=template)
