"""Five languages, each with every sentence, and amounts and days as people read and type them (RCP-4's languages)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.dates import format_datetime, format_time
from frontdesk.formats import Formats, total
from frontdesk.labels import LABELS, PROBLEMS, TONES
from frontdesk.words import LANGUAGES, accepted, language_of, missing_words, say, table

import frontdesk

PACKAGE = Path(frontdesk.__file__).parent
ASKED = re.compile(r"""(?<![\w.])(?:desk\.|self\.)?t\(\s*("[^"]+"|'[^']+')""")
PART = re.compile(r"\{(\w+)\}")


def test_every_sentence_is_there_in_every_language() -> None:
    assert missing_words() == {}
    asked = {name: file for file in PACKAGE.rglob("*.*") for name in _asked(file)}
    asked |= dict.fromkeys((*LABELS.values(), *PROBLEMS.values()))
    assert {name: str(file) for name, file in asked.items() if name not in table()} == {}


def _asked(file: Path) -> list[str]:
    if file.suffix not in (".py", ".html"):
        return []
    return [found[1:-1] for found in ASKED.findall(file.read_text(encoding="utf-8"))]


def test_a_translation_has_the_parts_of_its_sentence() -> None:
    for english, row in table().items():
        for code in LANGUAGES:
            assert sorted(PART.findall(row[code])) == sorted(PART.findall(english)), (english, code)


def test_a_state_that_is_coloured_has_a_word() -> None:
    assert set(TONES) <= set(LABELS)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en-US", "1,200.50", "1200.50"),
        ("en-US", "1,200", "1200.00"),
        ("en-US", "$ 86.28", "86.28"),
        ("de", "1.200,50", "1200.50"),
        ("de", "1.200", "1200.00"),
        ("de", "12,5", "12.50"),
        ("fr", "1 200,5", "1200.50"),
        ("ar", "١٢٠٫٥", "120.50"),
        ("ar", "\u2066$\u00a01٬200.50\u2069", "1200.50"),
        ("en", "0.005", "0.005"),
        ("en", "-5", "-5.00"),
        ("en", "1.200,50", "1200.50"),
        ("en", "1200,5", "1200.50"),
        ("en-IN", "12,34,567.50", "1234567.50"),
        ("de-CH", "1'200.50", "1200.50"),
        ("fr", "12.50", "12.50"),
        ("fr", "1\u202f234\u202f567,89 USD", "1234567.89"),
        ("de", "0.500", "0.500"),
    ],
)
def test_an_amount_is_understood_as_it_is_typed(language: str, typed: str, meant: str) -> None:
    """MON-1: exact, and never a thousand times what was meant."""
    assert Formats(language).amount(typed) == {"amount": meant, "currency": "USD"}


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fr", "1.234"),
        ("de-CH", "1,234"),
        ("en", "12 50"),
        ("en", "1,2,3"),
        ("en", "1.2,3.4"),
        ("en", "1,23,45"),
        ("de", "1.23.45"),
    ],
)
@pytest.mark.rule("MON-1.5")
def test_where_thousands_and_decimals_cannot_be_told_apart_nothing_is_guessed(language: str, typed: str) -> None:
    """What no language groups so, and what could be a thousand or one where neither sign is the language's."""
    assert (Formats(language).amount(typed), Formats(language).decimal(typed)) == (None, None)


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [("de", "1.234", None), ("de", "1,000", "1.000"), ("en", "1,234", None), ("en", "1.234", "1.234")],
)
@pytest.mark.rule("MON-1.5")
def test_a_currency_with_three_decimals_has_no_thousand_that_looks_like_one(
    language: str, typed: str, meant: str | None
) -> None:
    assert Formats(language, "KWD").amount(typed) == (meant and {"amount": meant, "currency": "KWD"})


@pytest.mark.parametrize(
    "language", ["en-US", "en-ZA", "de", "de-AT", "de-CH", "es", "es-MX", "fr", "fr-CH", "ar", "ar-MA"]
)
@pytest.mark.rule("MON-1.5")
def test_what_stands_in_a_field_is_read_as_it_was_written(language: str) -> None:
    """In every language, of currencies with 0, 2 and 3 decimals, and of quantities."""
    for currency, amounts in (
        ("USD", "172839.38 1234.00 -5.10"),
        ("JPY", "1234 -100000"),
        ("KWD", "1.234 1.000 1234.567"),
    ):
        formats = Formats(language, currency)
        for amount in amounts.split():
            money = {"amount": amount, "currency": currency}
            assert formats.amount(formats.typed(money)) == money
    for number in ("1", "1.5", "1.234", "1234.5678", "0.0088"):
        assert f"{formats.decimal(formats.typed(number)):f}" == number
    assert (Formats("de").typed("172839.38"), Formats("de").typed(None)) == ("172839,38", "")


@pytest.mark.parametrize("typed", ["", "abc", "12,3,4x", "1e5", "NaN", "--5", "."])
def test_what_is_no_amount_is_none(typed: str) -> None:
    assert Formats("en").amount(typed) is None


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("de", "1.000", "1000"),
        ("de", "1,5", "1.5"),
        ("de", "1.5", "1.5"),
        ("en", "1,000", "1000"),
        ("en", "-2.25", "-2.25"),
        ("ar", "١", "1"),
        ("ar", "١٢٫٥", "12.5"),
        ("en", "+5", None),
        ("en", "5-", None),
        ("en", "", None),
    ],
)
def test_a_count_or_a_percentage_is_read_as_an_amount_is(language: str, typed: str, meant: str | None) -> None:
    """MON-1: in every field of a line alike."""
    found = Formats(language).decimal(typed)
    assert (None if found is None else f"{found:f}") == meant
    assert (Formats(language).amount(typed) is None) == (meant is None)


def test_amounts_are_read_in_the_language_with_the_digits_of_keyboards() -> None:
    money = {"amount": "1234.5", "currency": "EUR"}
    assert Formats("de", "EUR").money(money) == "1.234,50\xa0€"
    assert "1" in Formats("ar", "EUR").money(money)
    assert Formats("en", "JPY").amount("500") == {"amount": "500", "currency": "JPY"}
    assert total([money, None, money], "EUR") == {"amount": "2469.0", "currency": "EUR"}


def test_a_language_is_one_that_there_are_words_in() -> None:
    assert language_of(None, "xx", "de-AT") == "de"
    assert language_of(None, "nl") == "en"
    assert accepted("nl;q=0.4, fr-CH, en;q=x") == ["fr-CH", "nl"]
    assert say("ar", "Patients") == "المرضى"


def test_an_amount_and_a_day_are_written_for_each_language_and_currency() -> None:
    """What was written once is kept: by all that it depends on."""
    money, day = {"amount": "1234.50", "currency": "USD"}, "2026-11-30"
    for _ in range(2):
        assert [Formats(language).money(money) for language in ("en-US", "de")] == ["$1,234.50", "1.234,50\xa0$"]
        assert Formats("en-US").money(money | {"currency": "EUR"}) == "€1,234.50"
        assert [Formats("en-US").money(money, signed=signed) for signed in (True, False)] == ["+$1,234.50", "$1,234.50"]
        assert [Formats(language).day(day) for language in ("en-US", "de")] == ["Nov 30, 2026", "30.11.2026"]
        assert Formats("en-US").day(day, "short") == "11/30/26"


@pytest.mark.parametrize("language", ["en-US", "de", "es", "fr", "ar"])
@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Asia/Kolkata"])
def test_a_moment_and_a_time_of_day_are_those_of_the_clinics_clocks(language: str, zone: str) -> None:
    """Through a year in which clocks are changed; Arabic with the digits of all else."""
    formats, locale = Formats(language, zone=zone), "ar_AE" if language == "ar" else language
    for hours in range(0, 24 * 365, 175):
        moment = datetime(2026, 1, 1, 0, 41, 59, 123456, UTC) + timedelta(hours=hours)
        how: dict[str, Any] = {"tzinfo": ZoneInfo(zone), "locale": Locale.parse(locale.replace("-", "_"))}
        assert formats.moment(moment.isoformat()) == format_datetime(moment, "short", **how)
        assert formats.clock(moment.isoformat()) == format_time(moment, "short", **how)
