"""Real PDFs, opened and read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pypdf
import pytest
from receipts.documents.content.frozen import invoice_as_json, receipt_as_json
from receipts.documents.content.receipt import NextInstallment, ReceiptContent, SettledInstallment
from receipts.documents.render import declarations
from receipts.documents.render.bundle import bundled
from receipts.documents.render.engine import Engine
from receipts.documents.render.receipt import receipt_view
from receipts.documents.render.render_job import AssetRefused, RenderJob, Stamp
from receipts.documents.render.worker import printed
from receipts.domain.people import Address, Clinic
from receipts.domain.settings import DocumentSettings
from receipts_insured import insured
from receipts_samples import (
    CLINIC,
    NOW,
    PATIENT,
    invoice,
    invoice_content,
    money,
    payment,
    receipt_content,
    refund,
)


def pdf_of(content: ReceiptContent, clinic: Clinic = CLINIC, *, brief: bool = False) -> bytes:
    return printed(RenderJob(kind="receipt", content=receipt_as_json(content), clinic=clinic, brief=brief))


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(BytesIO(pdf)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split())


@pytest.fixture(scope="module")
def receipt() -> bytes:
    one = invoice()
    return pdf_of(receipt_content(payment(one, money("200.00"), credit=money("50.00")), one))


@pytest.mark.rule("RCP-2.1", "RCP-2.2", "RCP-6.1")
def test_a_receipt_shows_all_that_it_must(receipt: bytes) -> None:
    """RCP-2."""
    text = text_of(receipt)
    for expected in (
        "Receipt No. RCP-2026-000042",
        "Beacon Hill Dental",
        "41 Charles Street",
        "Boston, MA 02114",
        "Tax number 04-2103547",
        "Andrés Muñoz",
        "$250.00",
        "Nov 23, 2026, 10:42",
        "Bank card",
        "TERM-4471",
        "Paid at the front desk.",
        "Invoice INV-2026-000118 of Nov 20, 2026",
        "Dental consultation and report",
        "Code 234696006 · tooth 36",
        "Dr. Yael Thornton",
        "Paid with this payment $200.00",
        "Still open after it $147.75",
        "To invoices $200.00",
        "Kept as credit $50.00",
        "Page 1 of 1",
    ):
        assert expected in text, expected


@pytest.mark.rule("RCP-4.5")
def test_it_says_that_it_is_archivable_and_accessible(receipt: bytes) -> None:
    """RCP-4: PDF/A-3 and PDF/UA; test_verapdf has it checked from the outside."""
    with pikepdf.open(BytesIO(receipt)) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Receipt RCP-2026-000042"
        assert str(pdf.Root.Lang) == "en-US"
        assert bool(pdf.Root.MarkInfo.Marked)


def fonts_of(pdf: bytes) -> Any:
    """Those of the first page, by their names in it."""
    page: Any = pypdf.PdfReader(BytesIO(pdf)).pages[0]
    return page["/Resources"]["/Font"]


def test_every_font_is_embedded(receipt: bytes) -> None:
    fonts = fonts_of(receipt)
    descendants = [font.get_object()["/DescendantFonts"][0].get_object() for font in fonts.values()]
    assert descendants
    assert all("/FontFile2" in font["/FontDescriptor"] for font in descendants)
    assert {str(font["/BaseFont"])[8:].split("-Bold")[0] for font in descendants} == {"Noto-Sans"}


@pytest.mark.parametrize("dated", [True, False])
def test_a_column_of_dates_is_there_where_some_line_has_one(dated: bool) -> None:
    """RCP-2: lines typed in by hand may have no date of service, and an empty column says nothing."""
    one = invoice()
    first, *others = (replace(line, date_of_service=None) for line in one.lines)
    if dated:
        first = replace(first, date_of_service=date(2026, 11, 20))
    typed = replace(one, lines=(first, *others))
    content = receipt_content(payment(typed, money("200.00")), typed)
    bill = printed(
        RenderJob(kind="invoice", content=invoice_as_json(invoice_content(typed)), clinic=CLINIC, brief=False)
    )
    for pdf in (pdf_of(content), bill):
        heads = text_of(pdf)
        assert ("Date Treatment" in heads) is dated
        assert "Treatment" in heads


@pytest.mark.rule("RCP-2.7")
def test_the_brief_one_shows_no_procedure() -> None:
    """RCP-2."""
    one = invoice()
    content = receipt_content(payment(one, money("200.00")), one)
    text = text_of(pdf_of(content, brief=True))
    assert "Paid with this payment $200.00" in text
    for hidden in ("Extraction", "tooth", "Thornton", "55162003"):
        assert hidden not in text
    settings = DocumentSettings(show_procedures=False)
    always = receipt_content(payment(one, money("200.00")), one, settings=settings)
    assert "Extraction" not in text_of(pdf_of(always))


def test_sixty_lines_run_over_pages_with_their_headings() -> None:
    one = invoice(60)
    pdf = pdf_of(receipt_content(payment(one, money("1000.00")), one))
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages]
    assert len(pages) >= 3
    assert all("Treatment or item" in page for page in pages[:-1])
    assert f"Page 2 of {len(pages)}" in pages[1]
    assert sum(page.count("Nov 20, 2026") for page in pages) == 2, "of the invoice, and once of its lines"


@pytest.mark.rule("RCP-2.1")
def test_a_day_and_a_provider_of_all_lines_are_said_once_and_others_by_line() -> None:
    """A receipt of one visit had the same day and name in each of its rows."""
    one = invoice(2)
    text = text_of(pdf_of(receipt_content(payment(one, money("10.00")), one)))
    assert "Date Nov 20, 2026 Provider Dr. Yael Thornton" in text
    assert (text.count("Nov 20, 2026"), text.count("Dr. Yael Thornton")) == (2, 1)
    first, second = one.lines
    later = replace(one, lines=(first, replace(second, date_of_service=date(2026, 11, 21), provider_name=None)))
    text = text_of(pdf_of(receipt_content(payment(later, money("10.00")), later)))
    assert "Date Treatment or item Provider Amount" in text
    assert (text.count("Nov 20, 2026"), text.count("Nov 21, 2026"), text.count("Dr. Yael Thornton")) == (2, 1, 1)
    two = replace(one, lines=(first, replace(second, provider_name="Dr. Paul Hale")))
    named_alike = receipt_view(
        receipt_content(payment(two, money("10.00")), two), CLINIC, brief=False, texts={"col_provider": "Date"}
    )
    assert named_alike["invoices"][0]["provider_column"], "whatever a clinic calls the two"


def test_a_receipt_of_six_lines_takes_one_page() -> None:
    """Its note stood alone on a second one."""
    one = invoice(6)
    pdf = pdf_of(receipt_content(payment(one, money("200.00"), credit=money("50.00")), one))
    assert len(pypdf.PdfReader(BytesIO(pdf)).pages) == 1


def test_objects_are_made_once_and_are_those_that_were_made_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are made for the file, and again for its identifier."""
    html = "<html lang='en'><head><title>-</title></head><body class='a4'><p>Aa <b>Bb</b></p></body></html>"
    once = Engine().pdf(html, style="document.css")
    monkeypatch.setattr(declarations, "write_once", lambda _: None)
    assert Engine().pdf(html, style="document.css") == once


def test_a_refund_receipt_names_what_it_refunds() -> None:
    one = invoice()
    text = text_of(pdf_of(receipt_content(refund(one, money("120.00"), from_credit=money("30.00")), one)))
    for expected in ("Refund receipt", "Amount refunded $150.00", "Taken back by this refund $120.00"):
        assert expected in text
    assert "credit note" not in text  # what is credited for it is decided later, and said by the credit note (PAY-20)
    assert "RCP-2026-000042" in text
    assert "From credit $30.00" in text


@pytest.mark.rule("RCP-2.1")
def test_an_insurers_overpayment_is_not_called_the_patients() -> None:
    """INS-4: it is credit of whoever paid it; the balance after it is all that is held for the patient."""
    one = invoice()
    paid = replace(
        payment(one, money("200.00"), credit=money("40.00")), payer_kind="insurer", payer_name="Delta Dental"
    )
    text = text_of(pdf_of(receipt_content(paid, one)))
    assert "Delta Dental" in text
    assert "Kept as credit $40.00" in text
    assert "patient's credit" not in text.lower()


@pytest.mark.rule("PLN-10.5")
def test_a_receipt_prints_which_installment_the_payment_settled() -> None:
    """PLN-10."""
    bill = invoice()
    content = receipt_content(payment(bill, money("47.75")), bill)
    (first, *others) = content.settled
    one = SettledInstallment(position=2, count=4, due=date(2027, 1, 31), amount=money("25.00"))
    named = replace(content, settled=(replace(first, installments=(one,)), *others))
    assert "Of it for installment 2 of 4, due Jan 31, 2027 $25.00" in text_of(pdf_of(named))


@pytest.mark.rule("RCP-2.4")
def test_a_receipt_shows_the_next_installment_where_there_is_a_plan() -> None:
    """RCP-2."""
    one = invoice()
    content = receipt_content(payment(one, money("47.75")), one)
    following = NextInstallment(due=date(2027, 1, 31), amount=money("100.00"))
    text = text_of(pdf_of(replace(content, next_installment=following)))
    assert "Next open installment, Jan 31, 2027 $100.00" in text


def test_a_deposit_has_no_invoice_and_says_so() -> None:
    one = invoice()
    text = text_of(pdf_of(receipt_content(payment(one, money("0.00"), credit=money("300.00")))))
    assert "kept as credit" in text


@pytest.mark.rule("RCP-4.4")
def test_arabic_runs_from_right_to_left_in_its_own_letters() -> None:
    """RCP-4."""
    one = invoice()
    content = receipt_content(payment(one, money("200.00")), one, language="ar-EG")
    pdf = pdf_of(content)
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == "ar-EG"
    fonts = fonts_of(pdf)
    assert any("Arabic" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
    assert "RCP-2026-000042" in text_of(pdf)


@pytest.mark.rule("RCP-4.2")
@pytest.mark.parametrize(("paper", "points"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_the_sheet_is_the_clinics(paper: str, points: tuple[int, int]) -> None:
    """RCP-4."""
    one = invoice()
    content = receipt_content(payment(one, money("200.00")), one, settings=DocumentSettings(paper=paper))  # type: ignore[arg-type]
    box = pypdf.PdfReader(BytesIO(pdf_of(content))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == points


def test_long_names_stay_on_the_sheet() -> None:
    one = invoice()
    name = "Maximiliane-Alexandra von Hohenlohe-Waldenburg-Schillingsfürst zu Sayn-Wittgenstein-Berleburg"
    content = receipt_content(payment(one, money("200.00")), one, patient=replace(PATIENT, family_name=name))
    assert "Sayn-Wittgenstein-Berleburg" in text_of(pdf_of(content))


def test_markup_in_a_name_is_text() -> None:
    one = invoice()
    patient = replace(PATIENT, family_name="<img src=file:///etc/passwd> {{ 7 * 7 }} & Søn")
    text = text_of(pdf_of(receipt_content(payment(one, money("200.00")), one, patient=patient)))
    assert "<img src=file:///etc/passwd> {{ 7 * 7 }} & Søn" in text


@pytest.mark.rule("RCP-6.3")
@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:1/x.png", "data:text/css,p{}", "asset:no"])
def test_a_template_reaches_nothing_but_its_own_assets(address: str) -> None:
    """RCP-6."""
    html = f'<html lang="en"><head><title>t</title></head><body class="a4"><img src="{address}" alt="x"/></body></html>'
    with pytest.raises(AssetRefused):
        Engine().pdf(html, style="document.css")


def test_an_invoice_shows_its_lines_its_totals_and_what_insurers_are_expected_to_pay() -> None:
    """RCP-4, INS-1."""
    content = invoice_content(replace(insured(invoice()), note="Please mention the number."))
    job = RenderJob(kind="invoice", content=invoice_as_json(content), clinic=CLINIC, brief=False)
    text = text_of(printed(job))
    for expected in (
        "Invoice No. INV-2026-000118",
        "Due date Dec 20, 2026",
        "$221.25",
        "Total $347.75",
        "Estimate: who is expected to pay",
        "Expected, not decided and not paid.",
        "Expected from Aetna, primary insurer (estimate) $150.00",
        "Expected reduction by Aetna (estimate) $20.00",
        "secondary insurer (estimate) $41.25",
        "Patient's share (estimate) $136.50",
        "Please mention the number.",
    ):
        assert expected in text, expected
    assert text.count("Expected reduction") == 1


def stamp(**changes: object) -> Stamp:
    given: dict[str, object] = {"language": "en-US", "paper": "A4", "zone": "America/New_York", "at": NOW}
    return Stamp(**(given | changes))  # type: ignore[arg-type]


@pytest.mark.rule("RCP-3.1", "RCP-3.2")
@pytest.mark.parametrize(
    ("with_stamp", "word", "why"),
    [
        (stamp(kind="void", cause="cancellation", reason="Entered twice"), "VOID", "Cancelled on Nov 23, 2026"),
        (stamp(kind="void", cause="chargeback", reason=None), "VOID", "Charged back on Nov 23, 2026"),
        (stamp(kind="copy"), "COPY", "Copy of the original of Nov 23, 2026"),
    ],
)
def test_a_stamp_lies_over_the_stored_original_and_is_read_aloud(
    receipt: bytes, with_stamp: Stamp, word: str, why: str
) -> None:
    """RCP-1, RCP-3."""
    job = RenderJob(kind="receipt", content={}, clinic=CLINIC, brief=False, base=receipt, stamp=with_stamp)
    stamped = printed(job)
    text = text_of(stamped)
    assert word in text
    assert why in text
    assert (with_stamp.reason or "") in text
    assert "Paid with this payment $200.00" in text
    with pikepdf.open(BytesIO(stamped)) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"].startswith(word)
        first = pdf.Root.StructTreeRoot.K[0].K[0]
        assert str(first.ActualText).startswith(f"{word}. {why}")


def test_a_stamp_is_on_every_page() -> None:
    one = invoice(60)
    original = pdf_of(receipt_content(payment(one, money("1000.00")), one))
    void = stamp(kind="void", cause="cancellation", reason="Entered twice")
    job = RenderJob(kind="receipt", content={}, clinic=CLINIC, brief=False, base=original, stamp=void)
    pages = pypdf.PdfReader(BytesIO(printed(job))).pages
    assert len(pages) >= 3
    assert all("VOID" in page.extract_text() for page in pages)


@pytest.mark.rule("RCP-5.1")
def test_several_documents_print_as_one(receipt: bytes) -> None:
    """RCP-5."""
    assert len(pypdf.PdfReader(BytesIO(bundled([receipt, receipt, receipt]))).pages) == 3


@pytest.mark.rule("RCP-5.1")
def test_several_documents_as_one_are_titled_and_read_aloud_each_in_its_language(receipt: bytes) -> None:
    """D7, RCP-4: test_verapdf has it checked from the outside."""
    one = invoice()
    german = replace(receipt_content(payment(one, money("10.00")), one, language="de-DE"), number="RCP-2026-000043")
    with pikepdf.open(BytesIO(bundled([receipt, pdf_of(german), receipt]))) as pdf:
        (whole,) = pdf.Root.StructTreeRoot.K
        assert [str(part.Lang) for part in whole.K] == ["en-US", "de-DE", "en-US"]
        keys = [int(page.obj.StructParents) for page in pdf.pages]
        assert keys == sorted(set(keys))
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        of_pages = dict(zip(map(int, list(numbers)[::2]), list(numbers)[1::2], strict=True))
        assert all(of_pages[key][0].Pg.objgen == page.obj.objgen for key, page in zip(keys, pdf.pages, strict=True))
    with pikepdf.open(BytesIO(bundled([receipt, pdf_of(german)]))) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "Receipt RCP-2026-000042 \N{EN DASH} Quittung RCP-2026-000043"


def test_a_foreign_clinic_letterhead_keeps_its_order() -> None:
    berlin = Address(lines=("Torstr. 1",), city="Berlin", postal_code="10119", country="DE")
    clinic = replace(CLINIC, address=berlin, legal_name=None, language="de-DE", currency="EUR")
    one = invoice(currency="EUR")
    content = receipt_content(payment(one, money("100.00", "EUR")), one, clinic=clinic, language="de-DE")
    text = text_of(pdf_of(content, clinic))
    assert "10119 Berlin" in text
    assert "Quittung Nr. RCP-2026-000042" in text
    assert "100,00 €" in text.replace("\N{NO-BREAK SPACE}", " ")
