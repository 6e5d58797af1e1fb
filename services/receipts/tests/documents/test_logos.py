"""Logos in PDFs: as they were drawn when they were saved, or drawn here within limits (`RCP-8`)."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from PIL import Image
from receipts.documents.content.frozen import receipt_as_json
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain.people import Clinic
from receipts_samples import CLINIC, invoice, money, payment, receipt_content

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PURPLE = (122, 62, 157)
SVG = (
    f'<svg {NAMESPACES} viewBox="0 0 64 64"><style>circle {{ fill: #7a3e9d }}</style>'
    '<script>alert(1)</script><image xlink:href="file:///etc/passwd" width="9" height="9"/>'
    '<circle cx="32" cy="32" r="30" onload="alert(2)"/></svg>'
)
NESTED = "".join(
    f'<clipPath id="c{n}" clip-path="url(#c{n - 1})"><rect width="9" height="9" clip-path="url(#c{n - 1})"/></clipPath>'
    for n in range(1, 2_000)
)
BOMBS = {
    "no svg": "<svg",
    "deep": f'<svg {NAMESPACES} viewBox="0 0 9 9">' + "<g>" * 1_900 + "</g>" * 1_900 + "</svg>",
    "nested clips": f'<svg {NAMESPACES} viewBox="0 0 9 9">{NESTED}'
    '<rect width="9" height="9" clip-path="url(#c1999)"/></svg>',
    "laughs": '<!DOCTYPE svg [<!ENTITY a "ha">]>' + f"<svg {NAMESPACES}><text>&a;</text></svg>",
}


def receipt_of(clinic: Clinic) -> pypdf.PageObject:
    one = invoice()
    content = receipt_as_json(receipt_content(payment(one, money("200.00")), one, clinic=clinic))
    (page,) = pypdf.PdfReader(
        BytesIO(printed(RenderJob(kind="receipt", content=content, clinic=clinic, brief=False)))
    ).pages
    return page


def words_of(page: pypdf.PageObject) -> list[str]:
    return page.extract_text().split()


def drawn(kind: str, size: tuple[int, int]) -> str:
    out = BytesIO()
    Image.new("RGB", size, PURPLE).save(out, kind)
    return b64encode(out.getvalue()).decode()


@pytest.mark.rule("RCP-2.1", "RCP-8.1")
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("size", [(200, 200), (900, 200)], ids=["square", "wide"])
def test_a_logo_is_printed_as_it_was_drawn(kind: str, size: tuple[int, int]) -> None:
    """RCP-2, RCP-8."""
    page = receipt_of(replace(CLINIC, logo=drawn(kind, size)))
    (image,) = page.images
    assert image.image is not None
    assert image.image.size == size
    colors = image.image.convert("RGB").getpixel((100, 100))
    assert colors == pytest.approx(PURPLE, abs=3)
    assert "BH" not in words_of(page)


def test_a_logo_from_before_logos_were_drawn_is_printed_without_its_scripts_and_references() -> None:
    """RCP-6, RCP-8."""
    page = receipt_of(replace(CLINIC, logo_svg=SVG))
    (image,) = page.images
    assert image.image is not None
    assert image.image.convert("RGB").getpixel((190, 190)) == PURPLE
    assert "BH" not in words_of(page)


@pytest.mark.parametrize("svg", BOMBS.values(), ids=BOMBS.keys())
def test_where_one_from_before_cannot_be_drawn_within_limits_the_initials_stand_in(svg: str) -> None:
    """RCP-7, RCP-8."""
    page = receipt_of(replace(CLINIC, logo_svg=svg))
    assert "BH" in words_of(page)
    assert not page.images
