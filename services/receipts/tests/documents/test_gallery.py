"""Documents look as they did when somebody last looked at them, loosely: `make gallery` takes the pictures anew."""

from __future__ import annotations

import pytest
from PIL import Image
from receipts_gallery import difference, first_page, kept_at, sampled_pdf, sheet_of

FAR = 2.0
"""Of 255, on pictures that are made small: a lost table or column is several times as much."""


@pytest.mark.rule("RCP-4.1", "RCP-4.4")
@pytest.mark.parametrize("kind", ["invoice", "statement"])
def test_documents_look_as_in_the_gallery(kind: str) -> None:
    with Image.open(kept_at(kind)) as kept:
        assert difference(sheet_of(kind), kept.copy()) < FAR


def test_another_document_does_not_look_like_it() -> None:
    pages = [first_page(sampled_pdf(kind, "de")) for kind in ("invoice", "statement")]
    assert difference(*pages) > FAR
