"""Languages, money and dates as readers write them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from string import Formatter

import pytest
from babel import localedata
from chassis.money import Money
from receipts.documents.catalogs import LANGUAGES, choose_language, words
from receipts.documents.render.formatting import Formatting
from receipts.documents.render.html import own
from receipts.domain.people import Address
from receipts_samples import CLINIC, PATIENT

NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_catalog_says_everything_with_the_same_values(language: str) -> None:
    english, other = words("en"), words(language)
    assert other.keys() == english.keys()
    for key, phrase in english.items():
        assert fields(other[key]) == fields(phrase), key
        assert other[key].strip() == other[key] != "", key


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


@pytest.mark.rule("RCP-4.3")
@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (("fr-CA", "en-US"), "fr-CA"),
        ((None, "de-AT"), "de-AT"),
        (("tlh", "es-MX"), "es-MX"),
        (("ko-KR", "zh-CN"), "en"),
        (("ja-JP", "en-US"), "ja-JP"),
        (("ar_EG", None), "ar-EG"),
    ],
)
def test_the_patients_language_is_used_else_the_clinics(wanted: tuple[str | None, ...], chosen: str) -> None:
    """RCP-4."""
    assert choose_language(*wanted) == chosen


@pytest.mark.parametrize(
    ("language", "amount", "printed"),
    [
        ("en-US", Money(123_456, "USD"), "$1,234.56"),
        ("de-DE", Money(123_456, "EUR"), f"1.234,56{NO_BREAK}€"),
        ("en-US", Money(1_234, "JPY"), "¥1,234"),
        ("en-US", Money(100_125, "KWD"), f"KWD{NO_BREAK}100.125"),
        ("en-US", Money(-500, "USD"), "-$5.00"),
        ("en-US", Money(10**15, "USD"), "$10,000,000,000,000.00"),
    ],
)
def test_money_has_all_its_decimals_and_no_more(language: str, amount: Money, printed: str) -> None:
    """MON-1."""
    assert Formatting(language).money(amount) == printed


@pytest.mark.rule("RCP-2.6")
@pytest.mark.parametrize("amount", ["5.005", "-123456.789", "1234567.000"])
def test_an_amount_is_read_back_as_it_was_in_every_locale_there_is(amount: str) -> None:
    """D1: digits and separators are of one numbering system."""
    for name in localedata.locale_identifiers():
        printed = Formatting(name.replace("_", "-")).money(Money.parse(amount, "KWD"))
        (figure,) = re.findall(r"\d[\d.,'\u2019\s]*\d", re.sub("[\u2066-\u2069]", "", printed))
        whole, decimals = re.split(r"[.,](?=\d{3}$)", figure)
        read = re.sub(r"\D", "", whole) + "." + decimals
        assert read == amount.lstrip("-"), (name, printed)
        assert bool(re.search("[-\u2212]", printed)) == amount.startswith("-"), (name, printed)


@pytest.mark.rule("RCP-2.2")
def test_a_time_is_that_of_the_clinics_wall() -> None:
    """RCP-2."""
    at = datetime(2026, 1, 1, 2, 30, tzinfo=UTC)
    assert Formatting("en-US").instant(at, "America/New_York").replace("\N{NARROW NO-BREAK SPACE}", " ") == (
        "Dec 31, 2025, 9:30 PM"
    )
    assert Formatting("de-DE").instant(at, "Pacific/Kiritimati") == "01.01.2026, 16:30"


def test_an_unknown_region_still_has_its_language() -> None:
    assert Formatting("de-XX").day(date(2026, 11, 20)) == "20.11.2026"


def test_addresses_follow_their_country() -> None:
    berlin = Address(lines=("Torstr. 1",), city="Berlin", postal_code="10119", country="DE")
    formats = Formatting("en-US")
    assert formats.address(CLINIC.address) == ["41 Charles Street", "Suite 200", "Boston, MA 02114"]
    assert formats.address(berlin, home="US") == ["Torstr. 1", "10119 Berlin", "Germany"]
    assert formats.address(berlin, home="DE") == ["Torstr. 1", "10119 Berlin"]
    assert formats.address(None) == []


def test_what_others_wrote_keeps_its_direction_in_arabic_and_is_untouched_elsewhere() -> None:
    """RCP-4: "41 Charles Street" must not become "Charles Street 41"."""
    assert Formatting("ar").own("41 Charles Street") == "\u206841 Charles Street\u2069"
    assert Formatting("en").own("41 Charles Street") == "41 Charles Street"


@pytest.mark.parametrize(
    ("amount", "currency", "printed"),
    [
        ("-5.00", "USD", "\u2066-5.00\u2069\xa0\u2066US$\u2069"),
        ("1234.50", "EUR", "\u20661,234.50\u2069\xa0\u2066€\u2069"),
        ("-3.125", "KWD", "\u2066-3.125\u2069\xa0د.ك."),
        ("100", "JPY", "\u2066100\u2069\xa0\u2066JP¥\u2069"),
    ],
)
def test_in_arabic_a_figure_and_its_currency_keep_their_own_order(amount: str, currency: str, printed: str) -> None:
    """RCP-4: a minus stands before its digits, and US$ does not become $US."""
    said = Formatting("ar-EG").money(Money.parse(amount, currency))
    assert said.replace("\u200f", "") == printed
    assert Formatting("ar-EG").number("-1.50") == "\u2066-1.5\u2069"
    assert Formatting("de-DE").number("-1.50") == "-1,5"


def test_what_others_wrote_is_an_element_with_its_own_direction() -> None:
    """RCP-4: a line that goes on below would lose the direction that a character gave it."""
    formats = Formatting("ar")
    latin, arabic = "Filling <two surfaces>, incl. anaesthesia (local).", "فرشاة (soft)"
    assert own(formats.own(latin)) == (
        '<span class="own" dir="ltr">Filling &lt;two surfaces&gt;, incl. anaesthesia (local).</span>'
    )
    assert own(formats.own(arabic)) == f'<span class="own" dir="rtl">{arabic}</span>'
    assert own(formats.text("charge_because", reason=formats.own("urgent"), amount="1")).count("<span") == 1
    assert own(Formatting("en").own("a < b")) == "a < b"


@pytest.mark.rule("RCP-4.3")
@pytest.mark.parametrize(
    ("language", "title", "printed", "day"),
    [
        ("pl-PL", "Faktura", f"1{NO_BREAK}234,56{NO_BREAK}zł", "24 lis 2026"),
        ("uk-UA", "Рахунок", f"1{NO_BREAK}234,56{NO_BREAK}PLN", "24 лист. 2026\u202fр."),  # noqa: RUF001
        ("ja-JP", "請求書", f"PLN{NO_BREAK}1,234.56", "2026/11/24"),
    ],
)
def test_patients_read_polish_ukrainian_and_japanese(language: str, title: str, printed: str, day: str) -> None:
    formats = Formatting(language)
    assert (choose_language(language, "en-US"), formats.words["invoice_title"]) == (language, title)
    said = formats.money(Money(123_456, "PLN")), formats.day(date(2026, 11, 24))
    assert said == (printed, day)


@pytest.mark.parametrize(("given", "printed"), [("0.0001", "0,0001"), ("12345.6789", "12.345,6789"), ("2.50", "2,5")])
def test_a_quantity_is_printed_with_all_its_decimals(given: str, printed: str) -> None:
    """MON-7: three of four were printed, and the line did not come to its amount."""
    assert Formatting("de-DE").number(given) == printed


@pytest.mark.rule("RCP-4.3")
def test_a_day_that_ends_with_a_full_stop_ends_its_sentence() -> None:
    formats = Formatting("uk")
    day = formats.day(date(2026, 12, 30))
    assert day.endswith(".")
    assert formats.text("please_pay", date=day).endswith(day)
    assert Formatting("en").text("please_pay", date="…") == "Please pay by …."


def test_what_is_due_on_a_day_may_be_paid_on_that_day() -> None:
    """Spanish, French and Arabic asked for it before the day."""
    asked = [words(language)[name].split() for language in LANGUAGES for name in ("please_pay", "please_pay_share")]
    assert not [said for said in asked if {"before", "antes", "avant", "vor", "قبل"} & set(said)]


@pytest.mark.parametrize(
    ("given", "family", "name"),
    [
        ("小龍", "山田", "山田 小龍"),
        ("민준", "김", "김 민준"),
        ("さくら", "佐藤", "佐藤 さくら"),
        ("Andrés", "Muñoz", "Andrés Muñoz"),
        ("Anna", "山田", "山田 Anna"),
    ],
)
def test_a_name_is_in_the_order_of_its_letters(given: str, family: str, name: str) -> None:
    assert replace(PATIENT, given_name=given, family_name=family).name == name
