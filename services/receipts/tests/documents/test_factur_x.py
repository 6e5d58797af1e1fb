"""Invoices and notes carry what they say as EN 16931 data (`RCP-4`), checked from the outside by Mustang's validator.

It checks the PDF/A-3, its metadata, the schema and the rules of EN 16931; its jar comes from Maven Central.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from chassis.money import Money
from receipts.documents.content.frozen import invoice_as_json, note_as_json
from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.facturx.attachment import Attachment, attachment_of
from receipts.documents.render.bill_of_invoice import bill_of_invoice
from receipts.documents.render.bill_of_note import bill_of_note
from receipts.documents.render.engine import Engine
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain.issued_note import NoteKind
from receipts.domain.people import Clinic
from receipts.domain.printed_invoice import Charge, DocumentCharge, InvoiceLine, PrintedInvoice, TaxGroup
from receipts.domain.settings import PaymentDetails
from receipts_insured import insured
from receipts_jars import JAVA, class_path
from receipts_samples import CLINIC, NOW, invoice, invoice_content, money, note, note_content

JARS = ("org.mustangproject:validator:2.20.0:shaded", "org.mozilla:rhino:1.7.13")
SCRIPT = Path(__file__).parents[1] / "receipts_mustang.js"
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
GERMAN = replace(CLINIC, tax_number="DE 123 456 789", currency="EUR", phone=None)


def of_one(
    net: str, currency: str = "USD", rate: str = "0", tax: str = "0", category: str | None = None
) -> PrintedInvoice:
    """An invoice of one line."""
    amount, added = money(net, currency), money(tax, currency)
    category = category or ("S" if rate != "0" else "E")
    made = invoice(1, currency=currency)
    line = replace(made.lines[0], unit_price=amount, net=amount, tax_category=category, tax_rate=rate)
    group = TaxGroup(category=category, rate=rate, base=amount, tax=added, exemption_reason=None)
    return replace(made, lines=(line,), net=amount, tax=added, total=amount + added, taxes=(group,))


def gross() -> PrintedInvoice:
    """Three for 10.00 each, tax included, less 0.01."""
    made = of_one("25.20", rate="19", tax="4.79")
    line = replace(made.lines[0], unit_price=money("10.00"), quantity="3", discount=money("0.01"))
    return replace(made, lines=(line,), prices_include_tax=True)


def outside() -> PrintedInvoice:
    """10.00 and a charge of 2.00, both outside the scope of tax."""
    made, all_of_it = of_one("10.00", "EUR", category="O"), money("12.00", "EUR")
    charge = DocumentCharge(reason="freight", amount=money("2.00", "EUR"), tax_category="O", tax_rate="0")
    groups = (replace(made.taxes[0], base=all_of_it),)
    return replace(made, charges=(charge,), net=all_of_it, total=all_of_it, taxes=groups)


def everything() -> PrintedInvoice:
    """Charges, returned goods, a fine price for a hundred, two reasons of exemption, two categories, cash rounding."""
    reasons = ("Dental care", "Prosthetics of a dentist")
    first = invoice(1).lines[0]
    fine = {"quantity": "30000", "unit_price": money("0.01"), "price": "0.0088", "base_quantity": "100"}
    charges = (Charge(reason="urgent", amount=money("1.00")),)
    said: list[dict[str, object]] = [
        {"net": money("2.64"), "exemption_reason": reasons[0], **fine},
        {"net": money("10.00"), "unit_price": money("10.00"), "charges": charges, "discount": money("1.00")},
        {"net": money("-4.00"), "quantity": "-1", "unit_price": money("5.00"), "discount": money("-1.00")},
    ]
    said[1]["exemption_reason"] = reasons[1]
    said[2] |= {"tax_category": "S", "tax_rate": "22"}
    lines = tuple(_line(first, position, one) for position, one in enumerate(said, 1))
    freight = DocumentCharge(reason="freight <&>", amount=money("19.00"), tax_category="S", tax_rate="22")
    exempt = TaxGroup(
        category="E",
        rate="0",
        base=money("12.64"),
        tax=money("0"),
        exemption_reason=None,
        exemption_reasons=reasons,
    )
    taxed = TaxGroup(category="S", rate="22", base=money("15.00"), tax=money("3.30"), exemption_reason=None)
    return replace(
        invoice(1),
        lines=lines,
        charges=(freight,),
        net=money("27.64"),
        tax=money("3.30"),
        cash_rounding=money("0.01"),
        total=money("30.95"),
        taxes=(exempt, taxed),
        note="Bring your insurance card.",
    )


def _line(like: InvoiceLine, position: int, said: dict[str, object]) -> InvoiceLine:
    return replace(like, position=position, **said)  # type: ignore[arg-type]


INVOICES: dict[str, tuple[PrintedInvoice, str, Clinic]] = {
    "plain": (invoice(3), "en-US", CLINIC),
    "insured": (insured(invoice(3)), "ar-EG", CLINIC),
    "everything": (everything(), "fr-CH", CLINIC),
    "gross": (gross(), "en", CLINIC),
    "german": (of_one("100.00", "EUR", "19", "19.00"), "de-DE", GERMAN),
    "yen": (of_one("85", "JPY", "10", "9"), "en", replace(CLINIC, currency="JPY")),
    "dinar": (of_one("5.250", "KWD"), "ar", replace(CLINIC, currency="KWD")),
    "free": (of_one("0.00"), "en", CLINIC),
    "outside": (outside(), "de", GERMAN),
    "outside_by_tax_office": (of_one("10.00", category="O"), "en", replace(CLINIC, tax_number="EIN 04-2103547")),
    "export": (of_one("10.00", "EUR", category="G"), "fr", GERMAN),
}


ACCOUNT = PaymentDetails(account_holder="Zahnarztpraxis Linde", iban="DE89370400440532013000", bic="COBADEFFXXX")


def content_of(of: PrintedInvoice, language: str) -> InvoiceContent:
    """What it says; what is German says where it is paid to, too."""
    content = invoice_content(of, language=language)
    return replace(content, payment=ACCOUNT) if language.startswith("de") else content


def printed_invoice(of: PrintedInvoice, language: str, clinic: Clinic, *, brief: bool = False) -> bytes:
    content = invoice_as_json(content_of(of, language))
    return printed(RenderJob(kind="invoice", content=content, clinic=clinic, brief=brief))


def carried_by(pdf: bytes) -> bytes | None:
    with pikepdf.open(BytesIO(pdf)) as opened:
        found = opened.attachments.get("factur-x.xml")
        return found.get_file().read_bytes() if found else None


def parsed(xml: bytes | None) -> ET.Element:
    assert xml is not None
    return ET.fromstring(xml)  # noqa: S314  our own


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    """Each kind of invoice and note, as it is printed."""
    made = {name: printed_invoice(*said) for name, said in INVOICES.items()}
    content = note_content(invoice(3), language="de")
    back = replace(content.note.lines[1], net=money("-12.00"), tax=money("-0.75"))
    returned = replace(note(invoice(3)), lines=(content.note.lines[0], back))
    returned = replace(returned, net=money("38.00"), tax=money("-0.75"), total=money("37.25"))
    groups = (content.taxes[0], replace(content.taxes[1], base=back.net, tax=back.tax))
    notes = {
        "credit_note": ("credit_note", note_as_json(content)),
        "returned": ("credit_note", note_as_json(replace(content, note=returned, taxes=groups))),
        "debit_note": ("debit_note", note_as_json(note_content(invoice(3), "debit_note"))),
    }
    for name, (kind, frozen) in notes.items():
        made[name] = printed(RenderJob(kind=kind, content=frozen, clinic=CLINIC, brief=False))
    return made


@pytest.mark.rule("RCP-4.6")
@pytest.mark.timeout(300)
def test_every_invoice_and_note_passes_mustang(
    documents: dict[str, bytes], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    said = attachment_of(bill_of_invoice(content_of(invoice(3), "en"), CLINIC))
    assert said is not None
    wrong = Attachment(said.xml.replace(b"<ram:TypeCode>380", b"<ram:TypeCode>999"), said.day)
    broken = Engine().pdf(
        "<html lang='en'><head><title>-</title></head><body><p>-</p></body></html>",
        style="document.css",
        attached=wrong,
    )
    for name, pdf in {**documents, "broken": broken}.items():
        (tmp_path / f"{name}.pdf").write_bytes(pdf)
    jars = class_path(JARS, tmp_path_factory.getbasetemp().parent / "validators.lock")
    verdicts = validated(jars, sorted(tmp_path.glob("*.pdf")))
    assert verdicts == {name: {"valid"} for name in documents} | {"broken": {"valid", "invalid"}}


def validated(jars: str, files: list[Path]) -> dict[str, set[str]]:
    """What the validator says of each file's PDF, of its XML, and of both."""
    command = [*JAVA, "-cp", jars, "org.mozilla.javascript.tools.shell.Main", str(SCRIPT)]
    done = subprocess.run(  # noqa: S603  our own Java, our own arguments
        [*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=250
    )
    reports = dict(report.split("\n", 1) for report in done.stdout.split("FILE ")[1:])
    assert set(reports) == set(map(str, files)), done.stdout + done.stderr
    return {Path(name).stem: set(re.findall(r'summary status="(\w+)"', said)) for name, said in reports.items()}


@pytest.mark.rule("RCP-4.6")
@pytest.mark.parametrize("name", INVOICES)
def test_the_data_comes_to_what_the_page_asks_for(documents: dict[str, bytes], name: str) -> None:
    of = INVOICES[name][0]
    settled = parsed(carried_by(documents[name])).find(f".//{RAM}SpecifiedTradeSettlementHeaderMonetarySummation")
    assert settled is not None
    amounts = {element.tag.removeprefix(RAM): Decimal(element.text or "") for element in settled}
    assert amounts["TaxBasisTotalAmount"] == Decimal(of.net.amount)
    assert amounts["TaxTotalAmount"] == Decimal(of.tax.amount)
    assert amounts["DuePayableAmount"] == Decimal(of.total.amount)
    assert amounts["DuePayableAmount"] == amounts["GrandTotalAmount"] + amounts.get("RoundingAmount", 0)


@pytest.mark.rule("RCP-4.6")
def test_each_line_says_its_own_reason_and_its_day(documents: dict[str, bytes]) -> None:
    lines = parsed(carried_by(documents["everything"])).iter(f"{RAM}IncludedSupplyChainTradeLineItem")
    said = [" ".join(line.itertext()) for line in lines]
    assert ["Dental care" in said[0], "Prosthetics" in said[1], "Prosthetics" in said[0]] == [True, True, False]
    assert "20261120" in said[0]


@pytest.mark.rule("RCP-4.6")
@pytest.mark.parametrize(
    ("number", "category", "said"),
    [
        ("DE 123 456 789", "E", [("VA", "DE123456789")]),
        ("12/345/67890", "E", [("FC", "12/345/67890")]),
        ("EIN 04-2103547", "E", [("FC", "EIN 04-2103547")]),
        ("EIN 04-2103547", "O", [("FC", "EIN 04-2103547")]),
        ("DE 123 456 789", "O", []),
        ("DE 123 456 789", "G", [("VA", "DE123456789")]),
    ],
)
def test_who_sells_is_named_as_the_category_asks(number: str, category: str, said: list[tuple[str, str]]) -> None:
    of, clinic = of_one("10.00", category=category), replace(CLINIC, tax_number=number)
    attached = attachment_of(bill_of_invoice(content_of(of, "en"), clinic))
    assert attached is not None
    named = parsed(attached.xml).iterfind(f".//{RAM}SpecifiedTaxRegistration/{RAM}ID")
    assert [(one.get("schemeID"), one.text) for one in named] == said


@pytest.mark.rule("RCP-4.6", "MON-4.4")
@pytest.mark.parametrize(
    ("category", "reason", "said", "shown"),
    [
        ("O", None, ("Nicht steuerbar", "VATEX-EU-O"), "Nicht steuerbar"),
        ("G", "Prothese nach Japan", ("Prothese nach Japan", "VATEX-EU-G"), "Prothese nach Japan"),
        ("E", None, ("Steuerfrei", None), "Steuerfrei"),
        ("Z", None, (None, None), "Steuer 0 % auf 10,00\N{NO-BREAK SPACE}€"),
        ("Z", "Nullsatz, Anhang 8", (None, None), "Nullsatz, Anhang 8"),
    ],
)
def test_why_there_is_no_tax_is_what_the_clinic_says_or_the_category_means(
    category: str, reason: str | None, said: tuple[str | None, str | None], shown: str
) -> None:
    """Of a rate of zero the norm has no reason (BR-Z-10): the page alone says it."""
    of = of_one("10.00", "EUR", category=category)
    of = replace(of, taxes=(replace(of.taxes[0], exemption_reason=reason),))
    attached = attachment_of(bill_of_invoice(content_of(of, "de"), GERMAN))
    assert attached is not None
    group = f".//{RAM}ApplicableHeaderTradeSettlement/{RAM}ApplicableTradeTax/{RAM}"
    found = parsed(attached.xml)
    assert (found.findtext(f"{group}ExemptionReason"), found.findtext(f"{group}ExemptionReasonCode")) == said
    assert invoice_view(content_of(of, "de"), GERMAN, brief=False)["sums"][1][0] == shown


@pytest.mark.rule("RCP-4.6")
def test_a_note_names_the_invoice_that_it_is_about() -> None:
    said = attachment_of(bill_of_note(note_content(invoice(3)), CLINIC))
    assert said is not None
    referenced = parsed(said.xml).find(f".//{RAM}InvoiceReferencedDocument/{RAM}IssuerAssignedID")
    assert referenced is not None
    assert referenced.text == "INV-2026-000118"


@pytest.mark.rule("RCP-4.7")
@pytest.mark.parametrize(
    ("of", "clinic"),
    [
        (of_one("5.005", "KWD"), CLINIC),
        (invoice(1), replace(CLINIC, tax_number=None)),
        (invoice(1), replace(CLINIC, address=None)),
        (replace(invoice(1), taxes=(invoice(1).taxes[0], replace(invoice(1).taxes[0], category="O"))), CLINIC),
        (replace(invoice(1), charges=(DocumentCharge(reason="of before", amount=money("1.00")),)), CLINIC),
        (of_one("10.00", category="AE"), GERMAN),
        (of_one("10.00", category="K"), GERMAN),
        (of_one("10.00", category="G"), CLINIC),
        (of_one("10.00", rate="22", tax="2.20", category="B"), GERMAN),
        (of_one("10.00", category="S"), GERMAN),
    ],
    ids=[
        "three_decimals",
        "no_tax_number",
        "no_address",
        "outside_the_scope",
        "charge_of_before",
        "reverse_charge",
        "intra_community",
        "export_without_vat_number",
        "split_payment_elsewhere",
        "standard_rate_of_zero",
    ],
)
def test_what_the_norm_cannot_say_is_not_attached(of: PrintedInvoice, clinic: Clinic) -> None:
    assert attachment_of(bill_of_invoice(content_of(of, "en"), clinic)) is None


@pytest.mark.rule("RCP-4.7")
@pytest.mark.parametrize("kind", ["credit_note", "debit_note"])
def test_a_note_of_cash_rounding_alone_carries_none(kind: NoteKind) -> None:
    """It has no line (`MON-6`), and EN 16931 asks for one (BR-16)."""
    content, cent = note_content(invoice(3), kind), money("0.01")
    alone = replace(content.note, lines=(), net=money("0"), tax=money("0"), cash_rounding=cent, total=cent)
    frozen = note_as_json(replace(content, note=alone, taxes=()))
    assert carried_by(printed(RenderJob(kind=kind, content=frozen, clinic=CLINIC, brief=False))) is None


@pytest.mark.rule("RCP-4.7")
def test_without_data_it_does_not_claim_to_be_factur_x() -> None:
    pdf = printed_invoice(of_one("5.005", "KWD"), "en", CLINIC)
    assert carried_by(pdf) is None
    with pikepdf.open(BytesIO(pdf)) as opened:
        assert b"factur-x" not in opened.Root.Metadata.read_bytes()


@pytest.mark.rule("RCP-4.6")
def test_what_shows_no_procedure_carries_none() -> None:
    assert carried_by(printed_invoice(invoice(1), "en", CLINIC, brief=True)) is None


@pytest.mark.rule("RCP-4.6")
@pytest.mark.parametrize("quantity", ["0.3333", "7", "999999999", "0", "-3"])
def test_a_price_with_tax_is_said_by_the_price_without_that_makes_the_net(quantity: str) -> None:
    net = money("-10.07" if quantity.startswith("-") else "10.07")
    one = replace(of_one("10.07").lines[0], quantity=quantity, net=net)
    of = replace(of_one("10.07"), lines=(one,), prices_include_tax=True)
    line = bill_of_invoice(content_of(of, "en"), CLINIC).lines[0]
    assert line.price >= 0
    assert Money.parse(str(round(line.price * line.quantity, 2)), "USD") == net


def test_the_file_is_of_the_documents_day(documents: dict[str, bytes]) -> None:
    """Made twice, it is the same."""
    del documents
    first, second = (attachment_of(bill_of_invoice(content_of(invoice(1), "en"), CLINIC)) for _ in range(2))
    assert first == second
    assert first is not None
    assert first.day < NOW.date()
