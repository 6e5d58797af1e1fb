"""A sample of each kind of document, of nobody, in each currency there is (RCP-6)."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import get_args

import pytest
from receipts.documents.content.samples import Sampled, sample_of
from receipts.documents.render.html import fill
from receipts.documents.render.kinds import DocumentKind
from receipts.documents.render.registry import KINDS, kind_of
from receipts.domain.settings import DocumentSettings
from receipts_samples import CLINIC, DAY


@pytest.mark.rule("RCP-6.4")
@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
@pytest.mark.parametrize("kind", get_args(DocumentKind))
def test_every_document_has_a_sample(kind: str, currency: str) -> None:
    clinic = replace(CLINIC, name="Dental House Nebula", currency=currency, language="de")
    sampled = Sampled(clinic=clinic, settings=DocumentSettings(), language="de", day=DAY)
    found = kind_of(kind)
    view = found.view(found.read(sample_of(kind, sampled)), clinic, brief=False)
    html = unescape(fill(found.template, view))
    assert "Dental House Nebula" in html
    assert kind == "day_sheet" or "MUSTER" in html


def test_each_kind_that_there_is_can_be_previewed() -> None:
    assert set(get_args(DocumentKind)) == set(KINDS)
