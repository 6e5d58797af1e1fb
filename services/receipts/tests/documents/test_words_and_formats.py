"""Languages, money and dates as readers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from string import Formatter

import pytest
from chassis.money import Money
from receipts.documents.catalogs import LANGUAGES, choose_language, words
from receipts.documents.render.formatting import Formatting
from receipts.domain.people import Address
from receipts_samples import CLINIC

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


@pytest.mark.parametrize(
    ("wanted", "chosen"),
    [
        (("fr-CA", "en-US"), "fr-CA"),
        ((None, "de-AT"), "de-AT"),
        (("tlh", "es-MX"), "es-MX"),
        (("ja-JP", "zh-CN"), "en"),
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
    say = Formatting("en-US")
    assert say.address(CLINIC.address) == ["41 Charles Street", "Suite 200", "Boston, MA 02114"]
    assert say.address(berlin, home="US") == ["Torstr. 1", "10119 Berlin", "Germany"]
    assert say.address(berlin, home="DE") == ["Torstr. 1", "10119 Berlin"]
    assert say.address(None) == []


def test_what_others_wrote_keeps_its_direction_in_arabic_and_is_untouched_elsewhere() -> None:
    """RCP-4: "41 Charles Street" must not become "Charles Street 41"."""
    assert Formatting("ar").own("41 Charles Street") == "\u206841 Charles Street\u2069"
    assert Formatting("en").own("41 Charles Street") == "41 Charles Street"
