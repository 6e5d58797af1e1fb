"""What asks for money says how it is paid, and nothing else does (RCP-11)."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from typing import get_args

import pytest
from chassis.money import Money
from contracts.invoicing import InvoiceDebited
from receipts.consumers.invoices import debit_note
from receipts.documents.catalogs import LANGUAGES, words
from receipts.documents.content.frozen import invoice_as_json, invoice_from_json, note_as_json, note_from_json
from receipts.documents.content.invoice import InvoiceContent
from receipts.documents.content.note import NoteContent, freeze_note
from receipts.documents.render.html import fill
from receipts.documents.render.invoice import invoice_view
from receipts.documents.render.kinds import TEMPLATES
from receipts.documents.render.note import note_view
from receipts.documents.render.payment import credit_transfer, payment_assets
from receipts.documents.render.plan_agreement import plan_agreement_view
from receipts.documents.render.statement import statement_view
from receipts.domain.bank_account import is_iban
from receipts.domain.settings import DocumentSettings, PaymentDetails
from receipts_events import Practice
from receipts_insured import insured
from receipts_samples import (
    CLINIC,
    PATIENT,
    account,
    installment_plan,
    invoice,
    invoice_content,
    money,
    note_content,
    plan_agreement_content,
    statement_content,
)

IBAN = "DE89370400440532013000"
DETAILS = PaymentDetails(
    account_holder="Zahnarztpraxis Linde", iban=IBAN, bic="COBADEFFXXX", link="https://pay.example/{number}"
)
PICTURE = b"\x89PNG"
SETTINGS = DocumentSettings(account_holder="Zahnarztpraxis Linde", iban=IBAN, payment_link="https://pay.example")
NEW_MONEY = {
    "late_fee": True,
    "correction": True,
    "undo_credit_note": False,
    "undo_refund_adjustment": False,
}
"""Each kind of debit note, and whether it asks the patient for money that nothing asked for before."""


def euros(language: str = "de-DE") -> InvoiceContent:
    return replace(invoice_content(invoice(3, currency="EUR"), language=language), payment=DETAILS)


@pytest.mark.rule("RCP-11.1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invoice_says_how_it_is_paid_in_its_language(language: str) -> None:
    html = unescape(fill(TEMPLATES["invoice"], invoice_view(euros(language), CLINIC, brief=False)))
    for said in (
        words(language)["how_to_pay"],
        "Zahnarztpraxis Linde",
        "DE89 3704 0044 0532 0130 00",
        "COBADEFFXXX",
        "https://pay.example/INV-2026-000118",
    ):
        assert said in html


@pytest.mark.rule("RCP-11.2")
def test_in_euros_a_banking_app_reads_the_transfer() -> None:
    """EPC069-12: who is paid, by which account, how much, for what."""
    view = invoice_view(euros(), CLINIC, brief=False)
    (picture,) = payment_assets(view).values()
    assert (picture[0], picture[1][:4]) == ("image/png", PICTURE)
    assert (credit_transfer(DETAILS, money("347.75", "EUR"), "INV-2026-000118") or "").split("\n") == [
        *("BCD", "002", "1", "SCT", "COBADEFFXXX", "Zahnarztpraxis Linde", IBAN, "EUR347.75", "", ""),
        "INV-2026-000118",
    ]


@pytest.mark.rule("RCP-11.2")
@pytest.mark.parametrize(
    ("details", "asked"),
    [
        (DETAILS, money("1.00", "USD")),
        (DETAILS, Money(10**11, "EUR")),
        (PaymentDetails(link="https://pay.example"), money("1.00", "EUR")),
    ],
)
def test_where_no_such_transfer_can_be_there_is_no_code(details: PaymentDetails, asked: Money) -> None:
    assert credit_transfer(details, asked, "1") is None


@pytest.mark.rule("RCP-11.1")
def test_an_insured_patient_is_told_how_to_pay_the_share() -> None:
    content = replace(invoice_content(insured(invoice(3))), payment=DETAILS)
    assert invoice_view(content, CLINIC, brief=False)["payment"]["rows"]
    covered = replace(content.invoice, patient_share=money("0.00"))
    assert invoice_view(replace(content, invoice=covered), CLINIC, brief=False)["payment"] is None


@pytest.mark.rule("RCP-11.1")
def test_statements_and_plans_say_it_and_what_asks_for_nothing_does_not() -> None:
    plan = plan_agreement_content(installment_plan(invoice()), invoice())
    asking = [
        statement_view(replace(statement_content(account()), payment=DETAILS), CLINIC, brief=False),
        plan_agreement_view(replace(plan, payment=DETAILS), CLINIC, brief=False),
    ]
    assert all(view["payment"]["rows"] for view in asking)
    in_favor = replace(statement_content(account("-900.00")), payment=DETAILS)
    silent = [
        statement_view(in_favor, CLINIC, brief=False),
        note_view(replace(note_content(invoice(3)), payment=DETAILS), CLINIC, brief=False),
        invoice_view(invoice_content(invoice(3)), CLINIC, brief=False),
    ]
    assert [view["payment"] for view in silent] == [None, None, None]


def debited(kind: str, purpose: str | None) -> NoteContent:
    practice = Practice()
    issued = practice.invoiced()
    event = practice.debited(issued, practice.credited(issued)).model_copy(update={"kind": kind, "purpose": purpose})
    return freeze_note(
        debit_note(event),
        language="en-US",
        clinic=CLINIC,
        patient=PATIENT,
        invoice=invoice(3),
        undoes_number=None,
        settings=SETTINGS,
    )


@pytest.mark.rule("RCP-11.1")
@pytest.mark.parametrize("purpose", [None, "bad_debt_recovery", "not_thought_of_yet"])
@pytest.mark.parametrize("kind", get_args(InvoiceDebited.model_fields["kind"].annotation))
def test_a_debit_note_says_how_it_is_paid_where_it_asks_for_new_money_alone(kind: str, purpose: str | None) -> None:
    """Not of a refund that was cancelled, nor of bad debt that was just paid, nor of what an insurer is to pay."""
    content = debited(kind, purpose)
    asks = NEW_MONEY[kind] and purpose is None
    assert content.payment == (SETTINGS.payment_details if asks else None)
    assert note_from_json(note_as_json(content)) == content
    for frozen in (content, replace(content, payment=DETAILS)):
        assert bool(note_view(frozen, CLINIC, brief=False)["payment"]) == asks


@pytest.mark.rule("RCP-11.1", "RCP-9.2")
@pytest.mark.parametrize(("kind", "asks"), NEW_MONEY.items())
def test_a_debit_note_of_an_older_release_is_told_by_its_kind(kind: str, *, asks: bool) -> None:
    """It froze how each was to be paid, and no further purpose."""
    before = note_as_json(replace(debited(kind, None), payment=DETAILS))
    del before["note"]["further_purpose"]
    assert bool(note_view(note_from_json(before), CLINIC, brief=False)["payment"]) == asks


@pytest.mark.rule("RCP-11.1")
@pytest.mark.parametrize(("insurers", "asks"), [(None, False), ("0.00", True), ("35.00", True)])
def test_a_statement_of_a_period_that_is_over_asks_for_nothing(insurers: str | None, *, asks: bool) -> None:
    """Payments says what insurers are asked for where the period reaches until today, though it be nothing."""
    theirs = None if insurers is None else money(insurers)
    content = statement_content(replace(account(), insurers_to_pay=theirs), settings=SETTINGS)
    assert bool(statement_view(content, CLINIC, brief=False)["payment"]) == asks


@pytest.mark.rule("RCP-11.1", "RCP-9.2")
def test_how_it_was_to_be_paid_is_frozen_with_the_invoice() -> None:
    settings = DocumentSettings(account_holder="Zahnarztpraxis Linde", iban=IBAN)
    assert settings.payment_details == PaymentDetails(account_holder="Zahnarztpraxis Linde", iban=IBAN)
    assert DocumentSettings().payment_details is None
    assert invoice_from_json(invoice_as_json(euros())) == euros()
    before = invoice_as_json(euros())
    del before["payment"]
    assert invoice_from_json(before).payment is None


@pytest.mark.parametrize(
    ("number", "right"),
    [(IBAN, True), ("GB82WEST12345698765432", True), ("DE88370400440532013000", False), ("DE", False), ("", False)],
)
def test_an_account_number_has_the_check_digits_of_its_digits(number: str, right: bool) -> None:
    assert is_iban(number) == right


def test_a_vat_identifier_is_named_as_one_in_german() -> None:
    """USt-IdNr. beside Steuernummer; and what corrects an invoice is no Gutschrift."""
    german = replace(CLINIC, tax_number="DE123456789")
    assert "USt-IdNr. DE123456789" in invoice_view(euros(), german, brief=False)["clinic"]["details"]
    assert "Steuernummer 04-2103547" in invoice_view(euros(), CLINIC, brief=False)["clinic"]["details"]
    assert not [phrase for phrase in words("de").values() if "Gutschrift" in phrase]
    assert words("de")["credit_note_title"] == "Rechnungskorrektur"
