"""The documents, checked from the outside: veraPDF, the validator of the PDF/A and PDF/UA standards (`RCP-4`).

Its jars come from Maven Central, once, into the user's Maven cache; Java comes with the project.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from receipts.documents.catalogs import LANGUAGES, language_of
from receipts.documents.content.frozen import (
    day_sheet_as_json,
    invoice_as_json,
    note_as_json,
    plan_agreement_as_json,
    receipt_as_json,
    statement_as_json,
)
from receipts.documents.content.receipt import ReceiptContent
from receipts.documents.content.samples import Sampled, sample_of
from receipts.documents.render.bundle import bundled
from receipts.documents.render.kinds import DocumentKind
from receipts.documents.render.render_job import RenderJob, Stamp
from receipts.documents.render.worker import printed
from receipts.domain.own_templates import OwnTemplate
from receipts.domain.settings import DocumentSettings, PaymentDetails
from receipts_insured import insured
from receipts_jars import class_path as jars_of
from receipts_samples import (
    CLINIC,
    DAY,
    NOW,
    PATIENT,
    account,
    day_sheet,
    day_sheet_content,
    installment_plan,
    invoice,
    invoice_content,
    money,
    note_content,
    payment,
    plan_agreement_content,
    receipt_content,
    refund,
    statement_content,
)
from receipts_verapdf import JARS, verdicts

OWN = """{{% extends "{}.html" %}}
{{% block style %}}
<style>h1 {{ color: #73236b }} .own-seal {{ float: right; border: 1pt solid #73236b }}</style>
{{% endblock %}}
{{% block end %}}<ul class="own-seal"><li>Since 1987<li>{{{{ words.thanks }}}}</ul>{{% endblock %}}"""
"""A clinic's own: fonts, colors, a list, and no end tags."""
ACCOUNT = PaymentDetails(account_holder="Linde", iban="DE89370400440532013000", link="https://pay.example/{number}")


@pytest.fixture(scope="module")
def class_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    return jars_of(JARS, tmp_path_factory.getbasetemp().parent / "validators.lock")


def made_of(kind: str, content: dict[str, Any]) -> RenderJob:
    return RenderJob(kind=kind, content=content, clinic=CLINIC, brief=False)


def rendered(
    content: ReceiptContent, stamp: Stamp | None = None, *, roll: bool = False, own: OwnTemplate | None = None
) -> RenderJob:
    return RenderJob(
        kind="receipt", content=receipt_as_json(content), clinic=CLINIC, brief=False, roll=roll, stamp=stamp, own=own
    )


def sampled(kind: str, language: str) -> RenderJob:
    content = sample_of(kind, Sampled(clinic=CLINIC, settings=DocumentSettings(), language=language, day=DAY))
    return made_of(kind, content)


def jobs() -> dict[str, RenderJob]:
    """One of each kind, language and script."""
    few, many = invoice(3), invoice(40)
    paid = receipt_content(payment(few, money("200.00"), credit=money("50.00")), few)
    void = Stamp(
        kind="void", language="en", paper="A4", zone="UTC", at=NOW, cause="cancellation", reason="Entered twice"
    )
    hebrew_name = replace(PATIENT, given_name="דנה", family_name="Παπαδοπούλου Иванова")
    of_every_script = replace(
        PATIENT, given_name="王小明 やまだ 김철수 สมชาย अमिताभ Արամ შოთა", family_name="\u202eZ" + "\u0301" * 9
    )
    in_euros = replace(invoice_content(invoice(3, currency="EUR")), payment=ACCOUNT)
    return {
        "receipt": rendered(paid),
        "refund": rendered(receipt_content(refund(few, money("120.00")), few, language="de-DE")),
        "pages": rendered(receipt_content(payment(many, money("200.00")), many)),
        "arabic": rendered(receipt_content(payment(few, money("200.00")), few, language="ar-EG", patient=hebrew_name)),
        "void": rendered(receipt_content(payment(many, money("200.00")), many), void),
        "roll": rendered(paid, roll=True),
        "own": rendered(paid, own=OwnTemplate(template=OWN.format("receipt"), texts={"thanks": "Bis bald"})),
        "roll_own": rendered(paid, void, roll=True, own=OwnTemplate(template=OWN.format("roll"))),
        "roll_void": rendered(paid, void, roll=True),
        "copy": rendered(paid, replace(void, kind="copy")),
        "invoice": made_of("invoice", invoice_as_json(in_euros)),
        "invoice_insured": made_of("invoice", invoice_as_json(invoice_content(insured(few)))),
        "invoice_insured_ar": made_of("invoice", invoice_as_json(invoice_content(insured(few), language="ar-EG"))),
        "polish": rendered(receipt_content(payment(few, money("1.00")), few, language="pl-PL")),
        "ukrainian": rendered(receipt_content(payment(few, money("1.00")), few, language="uk")),
        "japanese": made_of("invoice", invoice_as_json(invoice_content(insured(few), language="ja-JP"))),
        "credit_note": made_of("credit_note", note_as_json(note_content(few, language="fr-FR"))),
        "debit_note": made_of("debit_note", note_as_json(note_content(few, "debit_note", language="ar"))),
        "plan": made_of(
            "plan_agreement", plan_agreement_as_json(plan_agreement_content(installment_plan(few), few, language="es"))
        ),
        "statement": made_of("statement", statement_as_json(statement_content(account()))),
        "statement_ar": made_of("statement", statement_as_json(statement_content(account(), language="ar"))),
        "bundled": rendered(receipt_content(payment(many, money("1.00")), many, language="ar")),
        "scripts": rendered(receipt_content(payment(few, money("1.00")), few, patient=of_every_script)),
        "day_sheet": made_of("day_sheet", day_sheet_as_json(day_sheet_content(day_sheet()))),
        "demand": sampled("demand", "de"),
    }


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Each of them, and several as one."""
    made = {name: printed(job) for name, job in jobs().items()}
    made["bundle"] = bundled([made["receipt"], made.pop("bundled")])
    folder = tmp_path_factory.mktemp("verapdf")
    for name, pdf in made.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    return sorted(folder.glob("*.pdf"))


def test_each_kind_and_each_language_is_among_them() -> None:
    """Each with each is validated by `make gallery`."""
    made = jobs().values()
    assert {job.kind for job in made} == set(get_args(DocumentKind))
    assert {language_of(job.content["language"]) for job in made} == set(LANGUAGES)


@pytest.mark.rule("RCP-4.1", "RCP-4.5")
@pytest.mark.timeout(300)
@pytest.mark.parametrize("flavour", ["3a", "ua1"])
def test_every_document_is_archivable_and_accessible(class_path: str, documents: list[Path], flavour: str) -> None:
    """RCP-4: PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1)."""
    assert set(verdicts(class_path, flavour, documents).values()) == {"PASS"}


@pytest.mark.timeout(300)
def test_the_validator_finds_what_is_wrong(class_path: str, documents: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(documents[0].read_bytes().replace(b"pdfuaid:part", b"pdfuaid:dart"))
    assert verdicts(class_path, "ua1", [broken]) == {"broken": "FAIL"}
