"""The demand of an installment: what its PDF shows, in each language (`PLN-10`)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from uuid import UUID

import pypdf
import pytest
from receipts.documents.content.demand import DemandContent, compose_demand
from receipts.documents.content.frozen import demand_as_json, demand_from_json
from receipts.documents.render.demand import demand_view
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain.installment_plan import AskedInstallment, Share
from receipts.domain.settings import DocumentSettings
from receipts_samples import CLINIC, DAY, PATIENT, PATIENT_ID, money


def content(language: str = "en-US") -> DemandContent:
    installment = AskedInstallment(
        installment_id=UUID(int=7),
        patient_id=PATIENT_ID,
        invoice_number="INV-2026-000118",
        position=2,
        count=4,
        due=date(2027, 1, 31),
        amount=money("250.00"),
        paid=money("50.00"),
        remaining=money("200.00"),
        asked=True,
        shares=(
            Share(description="Crown, porcelain", amount=money("210.00")),
            Share(description="Filling", amount=money("40.00")),
        ),
    )
    settings = DocumentSettings()
    return compose_demand(
        installment, language=language, clinic=CLINIC, patient=PATIENT, settings=settings, made_on=DAY
    )


def pdf_of(said: DemandContent) -> bytes:
    return printed(RenderJob(kind="demand", content=demand_as_json(said), clinic=CLINIC, brief=False))


def text_of(said: DemandContent) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf_of(said))).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


@pytest.mark.rule("PLN-10.1")
def test_a_demand_shows_what_it_is_for_by_when_and_what_remains() -> None:
    said = content()
    assert demand_from_json(demand_as_json(said)) == said
    shown = text_of(said)
    for expected in (
        "Installment 2 of 4",
        "Invoice INV-2026-000118",
        "Andrés Muñoz",
        "Crown, porcelain $210.00",
        "Filling $40.00",
        "Installment $250.00",
        "Already paid -$50.00",
        "Still to pay $200.00",
        "Please pay by Jan 31, 2027.",
    ):
        assert expected in shown, (expected, shown)


def test_a_demand_of_an_insured_invoice_asks_for_the_patients_part() -> None:
    """INS-4: 250.00, 50.00 of it paid, 190.00 that insurers have decided to pay."""
    said = content()
    said = replace(said, installment=replace(said.installment, patients=money("10.00")))
    assert demand_from_json(demand_as_json(said)) == said
    shown = text_of(said)
    for expected in ("Already paid -$50.00", "To be paid by insurers -$190.00", "Still to pay $10.00"):
        assert expected in shown, (expected, shown)
    assert "Still to pay $200.00" not in shown


@pytest.mark.rule("PLN-10.6")
@pytest.mark.parametrize(("credit", "named"), [("500.00", True), ("0.00", False), (None, False)])
def test_a_demand_names_credit_and_takes_nothing_off_for_it(credit: str | None, *, named: bool) -> None:
    """D19."""
    said = replace(content(), credit=None if credit is None else money(credit))
    assert demand_from_json(demand_as_json(said)) == said
    view = demand_view(said, CLINIC, brief=False)
    assert view["amount"] == "$200.00"
    assert ("You have a credit of $500.00 with us." in view["please_pay"]) == named


@pytest.mark.parametrize(
    ("language", "title"), [("de-DE", "Rate 2 von 4"), ("fr-FR", "Échéance 2 sur 4"), ("es-ES", "Cuota 2 de 4")]
)
def test_a_demand_is_in_the_language_of_its_reader(language: str, title: str) -> None:
    assert title in text_of(content(language))


def test_a_demand_leaves_out_procedures_where_the_clinic_does() -> None:
    shown = text_of(replace(content(), show_procedures=False))
    assert "Crown" not in shown
    assert "Still to pay $200.00" in shown
