"""What a text message says, and in how many segments (NOT-1.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from notifications.channels.email.how_to_pay import HowToPay
from notifications.channels.email.letter import Letter
from notifications.channels.sms.text import LENGTH_MAX, segments_of, text_of
from notifications.domain.addresses import dialable

pytestmark = pytest.mark.rule("NOT-1.6")


def letter(**changes: Any) -> Letter:
    given = Letter(
        language="en",
        direction="ltr",
        template="invoice_overdue.en",
        template_version=3,
        subject="Reminder",
        greeting="Dear Zoë,",
        body=("Invoice INV-7 was due,", "and $20.00\u00a0of it\u202fis still open \u2013 it\u2019s late."),
        facts=(),
        credit=None,
        payment=None,
        attached="The document is attached as a PDF.",
        linked=None,
        link=None,
        questions="Reply to this email.",
        closing="Kind regards",
        clinic="Smile Dental",
    )
    return replace(given, **changes)


def test_it_is_the_clinic_and_its_words_in_plain_signs() -> None:
    said = "Smile Dental: Invoice INV-7 was due, and $20.00 of it is still open - it's late."
    assert text_of(letter()) == said
    assert segments_of(said) == 1


def test_what_is_too_long_loses_its_end_but_not_the_link() -> None:
    link = "https://portal.example/invoices/7"
    text = text_of(letter(body=("word " * 900,), link=link))
    assert len(text) <= LENGTH_MAX
    assert text.endswith(f"… {link}")


@pytest.mark.rule("NOT-11.1")
def test_it_says_how_to_pay_in_short() -> None:
    """The page where there is one, as each further segment is paid for."""
    account = (("IBAN", "DE89 3704 0044 0532 0130 00"), ("Payment reference", "INV-7"))
    payment = HowToPay("How to pay", account, "Pay online here:", "https://pay.example/INV-7")
    assert text_of(letter(payment=payment)).endswith("it's late. Pay online here: https://pay.example/INV-7")
    by_transfer = text_of(letter(payment=replace(payment, link=None)))
    assert by_transfer.endswith("it's late. IBAN: DE89 3704 0044 0532 0130 00, Payment reference: INV-7")


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_segments_are_counted_as_they_are_paid(text: str, segments: int) -> None:
    assert segments_of(text) == segments


@pytest.mark.parametrize(
    ("number", "dialed"),
    [
        ("+1 (555) 010-0123", "+15550100123"),
        ("+49.30/901820", "+4930901820"),
        ("0301234567", None),
        ("+0123456789", None),
        ("+1555", None),
        ("zoe@example.org", None),
        ("", None),
    ],
)
def test_a_number_is_e164_or_none(number: str, dialed: str | None) -> None:
    assert dialable(number) == dialed
