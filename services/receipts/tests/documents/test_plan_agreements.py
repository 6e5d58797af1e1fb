"""Plan agreements: what they say, and what their PDFs show (`RCP-4`)."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdf
from receipts.documents.content.frozen import plan_agreement_as_json, plan_agreement_from_json
from receipts.documents.content.plan_agreement import PlanAgreementContent
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts_samples import CLINIC, installment_plan, invoice, money, plan_agreement_content


def text_of(content: PlanAgreementContent) -> str:
    job = RenderJob(kind="plan_agreement", content=plan_agreement_as_json(content), clinic=CLINIC, brief=False)
    pages = pypdf.PdfReader(BytesIO(printed(job))).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


def test_an_agreement_shows_the_parties_the_invoice_each_installment_and_where_to_sign() -> None:
    """RCP-4, PLN-1."""
    one = invoice()
    text = text_of(plan_agreement_content(installment_plan(one), one))
    for expected in (
        "Installment plan Invoice INV-2026-000118",
        "To be paid in installments $347.75",
        "Agreed on Nov 23, 2026",
        "For Invoice INV-2026-000118 of Nov 20, 2026",
        "Andrés Muñoz",
        "Andrés Muñoz pays what invoice INV-2026-000118 still asks for to Beacon Hill Dental",
        "1 Down payment Nov 24, 2026 $47.75",
        "2 Installment 1 Jan 31, 2027 $100.00",
        "3 Installment 2 Feb 28, 2027 $100.00",
        "4 Installment 3 Mar 31, 2027 $100.00",
        "Total $347.75",
        "Date and signature: patient",
        "Date and signature: for Beacon Hill Dental",
    ):
        assert expected in text, expected
    for hidden in ("Version", "Still to pay", "Extraction"):
        assert hidden not in text, hidden


def test_a_later_version_says_so_and_what_is_paid_already() -> None:
    """PLN-5."""
    one = invoice()
    text = text_of(plan_agreement_content(installment_plan(one, version=2, paid="97.75"), one))
    for expected in (
        "Version 2, of Nov 24, 2026",
        "To be paid in installments $250.00",
        "1 Down payment Nov 24, 2026 $47.75 $0.00",
        "2 Installment 1 Jan 31, 2027 $100.00 $50.00",
        "Still to pay $250.00",
    ):
        assert expected in text, expected


def test_an_insured_patient_signs_for_the_patients_part_only() -> None:
    """INS-4: 251.90 were to be signed for, of which 71.90 were the patient's; it fills the oldest first."""
    one = invoice()
    plan = installment_plan(one)
    parts = [money("47.75"), money("100.00"), money("24.15"), money("0.00")]
    shared = tuple(replace(of, patients=part) for of, part in zip(plan.installments, parts, strict=True))
    text = text_of(plan_agreement_content(replace(plan, installments=shared), one))
    for expected in (
        "To be paid in installments $171.90",
        "pays the patient's part of what invoice INV-2026-000118 still asks for to Beacon Hill Dental",
        "1 Down payment Nov 24, 2026 $47.75 $47.75",
        "3 Installment 2 Feb 28, 2027 $100.00 $24.15",
        "4 Installment 3 Mar 31, 2027 $100.00 $0.00",
        "Total $347.75",
        "To be paid by insurers -$175.85",
        "Patient's part $171.90",
    ):
        assert expected in text, (expected, text)
    assert "pays what invoice" not in text


def test_without_a_down_payment_all_are_installments() -> None:
    one = invoice()
    text = text_of(plan_agreement_content(installment_plan(one, down=False), one))
    assert "1 Installment 1 Nov 24, 2026 $47.75" in text
    assert "4 Installment 4 Mar 31, 2027" in text
    assert "Installments 4" in text


def test_frozen_agreements_are_read_back_as_they_were() -> None:
    one = invoice()
    content = plan_agreement_content(installment_plan(one, paid="10"), one)
    assert plan_agreement_from_json(plan_agreement_as_json(content)) == content
