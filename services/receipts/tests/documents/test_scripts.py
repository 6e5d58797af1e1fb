"""Names in every living script, and what would upset a document (`RCP-10`)."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from io import BytesIO

import pypdf
import pytest
from receipts.app import service
from receipts.documents.characters import characters_of_fonts, ranges_of
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts_samples import CLINIC, PATIENT, invoice, money, payment, receipt_content

pytestmark = pytest.mark.rule("RCP-10.1")
NAMES = {
    "Noto-Sans-CJK-SC": "王小明 やまだ 김철수",
    "Noto-Sans-Thai": "สมชาย ใจดี",
    "Noto-Sans-Devanagari": "अमिताभ बच्चन",
    "Noto-Sans-Armenian": "Արամ Խաչատրյան",
    "Noto-Sans-Georgian": "შოთა რუსთაველი",
    "Noto-Sans-Ethiopic": "አበበ ቢቂላ",
    "Noto-Serif-Tibetan": "བསྟན་འཛིན",
}


def receipt_of(given_name: str, family_name: str = "X", clinic_name: str = CLINIC.name) -> bytes:
    one = invoice(1)
    patient, clinic = (
        replace(PATIENT, given_name=given_name, family_name=family_name),
        replace(CLINIC, name=clinic_name),
    )
    content = receipt_content(payment(one, money("80.00")), one, patient=patient)
    return printed(RenderJob(kind="receipt", content=receipt_as_json(content), clinic=clinic, brief=False))


def test_the_file_of_characters_is_that_of_the_fonts() -> None:
    """All services refuse by it; `python -m receipts.documents.characters` writes it."""
    known = (files("chassis") / "printed_characters.txt").read_text(encoding="ascii").split()
    assert ranges_of(characters_of_fonts()) == known
    assert service.printed


def test_a_name_is_printed_in_its_own_script_by_a_font_that_has_it() -> None:
    """D2: all in one document, as each takes its fonts; they are embedded, and only what is used of them."""
    pdf = receipt_of(" ".join(NAMES.values()))
    page = pypdf.PdfReader(BytesIO(pdf)).pages[0]
    text = page.extract_text()
    assert all(word[0] in text for name in NAMES.values() for word in name.split())
    assert "\N{REPLACEMENT CHARACTER}" not in text
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert all(any(name in font for font in fonts) for name in NAMES), fonts
    assert len(pdf) < 500_000


@pytest.mark.rule("RCP-10.2")
def test_a_name_neither_turns_round_nor_runs_over_the_page() -> None:
    """D15."""
    text = pypdf.PdfReader(BytesIO(receipt_of("Anna \u202elive", "Z" + "\u0301" * 900))).pages[0].extract_text()
    assert "Anna live" in text
    assert text.count("\u0301") <= 2 * 4
    assert "\N{REPLACEMENT CHARACTER}" in pypdf.PdfReader(BytesIO(receipt_of("\U0001f600"))).pages[0].extract_text()
