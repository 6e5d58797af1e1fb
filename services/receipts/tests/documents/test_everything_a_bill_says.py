"""What a bill says is printed: charges, returned goods, fine prices, base quantities, several reasons of exemption."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from html import unescape
from uuid import UUID

import pytest
from contracts.event import Actor, Amount
from contracts.invoicing import (
    DocumentCharge,
    DocumentDiscount,
    InvoiceIssued,
    InvoiceLine,
    InvoiceTotals,
    LineCharge,
    RoundingPolicy,
    TaxTotal,
    UnitPrice,
)
from receipts.consumers.invoices import _invoice
from receipts.documents.catalogs import LANGUAGES
from receipts.documents.content.frozen import (
    invoice_as_json,
    invoice_from_json,
    receipt_as_json,
    receipt_from_json,
)
from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.render.html import fill
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.kinds import TEMPLATES
from receipts.documents.render.note import note_view
from receipts.documents.render.receipt import receipt_view
from receipts.documents.render.render_job import RenderJob
from receipts.documents.render.worker import printed
from receipts.domain import printed_invoice
from receipts.domain.printed_invoice import TaxGroup
from receipts_samples import CLINIC, invoice, invoice_content, money, note_content, payment, receipt_content


def usd(amount: str) -> Amount:
    return Amount(amount=amount, currency="USD")


def line(position: int, net: str, **said: object) -> InvoiceLine:
    given: dict[str, object] = {
        "line_id": UUID(int=position),
        "position": position,
        "kind": "custom",
        "description": f"Thing {position}",
        "quantity": "1",
        "unit_price": usd(net),
        "discount": usd("0.00"),
        "net": usd(net),
        "tax_category": "E",
        "tax_rate": "0",
    }
    return InvoiceLine.model_validate(given | said)


def everything() -> InvoiceIssued:
    """A bill that says all that one can: 2.64 + 11.00 - 5.00 + 20.00 of freight, less 1.00."""
    fine = {"quantity": "30000", "unit_price": usd("0.00"), "price": UnitPrice(amount="0.0088", base_quantity="100")}
    charged = (LineCharge(amount=usd("1.00"), reason="urgent"),)
    reasons = ("Dental care", "Prosthetics of a dentist")
    return InvoiceIssued(
        clinic_id=CLINIC.clinic_id,
        occurred_at=datetime(2026, 11, 24, tzinfo=UTC),
        invoice_id=UUID(int=9),
        patient_id=UUID(int=8),
        number="INV-2026-000119",
        issue_date=date(2026, 11, 24),
        due_date=date(2026, 12, 24),
        lines=(
            line(1, "2.64", exemption_reason=reasons[0], **fine),
            line(
                2, "10.00", unit_price=usd("10.00"), charges=charged, exemption_reason=reasons[1], discount=usd("1.00")
            ),
            line(3, "-5.00", unit_price=usd("5.00"), returned=True, tax_category="S", tax_rate="22"),
        ),
        totals=InvoiceTotals(
            net=usd("27.64"),
            discount=usd("1.00"),
            charge=usd("21.00"),
            tax=usd("3.30"),
            cash_rounding=usd("0.00"),
            total=usd("30.94"),
            taxes=(
                TaxTotal(
                    category="E",
                    rate="0",
                    base=usd("12.64"),
                    tax=usd("0.00"),
                    exemption_reason="; ".join(reasons),
                    exemption_reasons=reasons,
                ),
                TaxTotal(category="S", rate="22", base=usd("15.00"), tax=usd("3.30")),
            ),
        ),
        rounding=RoundingPolicy(id="line-half-up", version=1),
        document_discounts=(DocumentDiscount(reason="spring", amount=usd("1.00")),),
        document_charges=(
            DocumentCharge(reason="freight", amount=usd("20.00"), net=usd("20.00"), tax_category="S", tax_rate="22"),
        ),
        by=Actor(subject="clerk:1"),
    )


def html_of(content: InvoiceContent) -> str:
    return unescape(fill(TEMPLATES["invoice"], invoice_view(content, CLINIC, brief=False)))


def content() -> InvoiceContent:
    return invoice_content(_invoice(everything()))


@pytest.mark.rule("MON-4.4", "MON-10.1", "MON-10.2")
def test_an_invoice_prints_everything_that_it_says() -> None:
    """INV-12, INV-14, MON-7, MON-10: each line its own reason, and the group all of them."""
    html = html_of(content())
    for expected in (
        "$0.0088 for 100",
        "Charge (urgent): $1.00",
        ">-1<",
        "-$5.00",
        "Charge, freight",
        "Discounts included (spring)",
        "Dental care; Prosthetics of a dentist",
        "Tax 22 % on $15.00",
    ):
        assert expected in html, expected
    assert html.count("Prosthetics of a dentist") == 2


def test_charges_of_the_document_are_printed_before_tax_and_add_up_with_the_lines() -> None:
    """INV-12: where prices include tax, 24.40 with 22 % of it are 20.00 of the net total that follows."""
    event = everything()
    gross = tuple(charge.model_copy(update={"amount": usd("24.40")}) for charge in event.document_charges)
    said = _invoice(event.model_copy(update={"prices_include_tax": True, "document_charges": gross}))
    assert sum(line.net.minor for line in said.lines) + sum(charge.amount.minor for charge in said.charges) == (
        said.net.minor
    )
    html = html_of(invoice_content(said))
    assert "$20.00" in html
    assert "$24.40" not in html


def test_a_receipt_s_lines_charges_and_tax_add_up_to_the_invoice_s_total() -> None:
    """INV-12, RCP-2: charges of the document are printed there as well; none, where no lines are."""
    paid = _invoice(everything())
    said = receipt_content(payment(paid, money("30.94")), paid)
    (settled,) = said.settled
    parts = [line.net.minor for line in settled.lines] + [charge.amount.minor for charge in settled.charges]
    assert sum(parts) + settled.tax.minor == settled.total.minor
    assert receipt_from_json(receipt_as_json(said)) == said
    (shown,) = receipt_view(said, CLINIC, brief=False)["invoices"]
    assert ("Charge, freight", "$20.00", False) in shown["sums"]
    (brief,) = receipt_view(said, CLINIC, brief=True)["invoices"]
    assert "Charge, freight" not in {label for label, _, _ in brief["sums"]}


def test_lines_that_share_one_reason_do_not_repeat_it() -> None:
    assert html_of(invoice_content(invoice())).count("Exempt from tax") == 1


def test_it_is_frozen_and_read_back_as_it_was_and_older_ones_still_print() -> None:
    data = invoice_as_json(content())
    assert invoice_from_json(data) == content()
    del data["invoice"]["charges"]
    for one in data["invoice"]["lines"]:
        for name in ("price", "base_quantity", "charges", "exemption_reason"):
            del one[name]
    for tax in data["invoice"]["taxes"]:
        del tax["exemption_reasons"]
    assert "Dental care; Prosthetics of a dentist" in html_of(invoice_from_json(data))


@pytest.mark.parametrize(
    ("noun", "always_said"),
    [
        (
            printed_invoice.InvoiceLine,
            (
                "position kind description quantity unit_price discount net tax_category tax_rate date_of_service "
                "provider_name code tooth surface"
            ),
        ),
        (
            printed_invoice.PrintedInvoice,
            (
                "invoice_id clinic_id patient_id number issue_date due_date prices_include_tax lines net discount tax "
                "cash_rounding total taxes insurers discount_reason note"
            ),
        ),
        (TaxGroup, "category rate base tax exemption_reason"),
        (printed_invoice.InsurerShare, "payer_name expected write_off"),
        (printed_invoice.Charge, "reason amount"),
    ],
)
def test_what_was_added_since_the_first_release_has_a_default(noun: type, always_said: str) -> None:
    """RCP-2, INV-6: else no older invoice could be read, and no payment of one could get its receipt."""
    required = {field.name for field in fields(noun) if field.default is MISSING and field.default_factory is MISSING}
    assert required == set(always_said.split())


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_it_prints_in_every_language(language: str) -> None:
    said = replace(content(), language=language)
    assert "freight" in html_of(said)
    assert printed(RenderJob(kind="invoice", content=invoice_as_json(said), clinic=CLINIC, brief=False))


def test_a_taxed_group_whose_tax_is_nothing_is_not_called_exempt() -> None:
    """Goods sold and returned again: the base is nothing, and it is still taxed."""
    group = TaxGroup(category="S", rate="22", base=money("0.00"), tax=money("0.00"), exemption_reason=None)
    html = html_of(invoice_content(replace(invoice(), taxes=(group,))))
    assert "Tax 22 % on $0.00" in html
    assert "Exempt from tax" not in html


def test_lines_of_a_note_say_why_they_are_exempt_where_there_are_several_reasons() -> None:
    one = note_content(invoice())
    reasons = ("Dental care", "Prosthetics of a dentist")
    lines = tuple(replace(one.note.lines[0], exemption_reason=reason) for reason in reasons)
    group = replace(one.taxes[0], exemption_reasons=reasons)
    said = replace(one, note=replace(one.note, lines=lines), taxes=(group,))
    html = unescape(fill(TEMPLATES["credit_note"], note_view(said, CLINIC, brief=False)))
    assert all(html.count(reason) == 2 for reason in reasons)
