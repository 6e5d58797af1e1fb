"""Amounts, days and times as a person reads them in their language, and amounts as a person types them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_compact_currency, format_currency, format_decimal, get_currency_precision

RIGHT_TO_LEFT = {"ar"}
Money = dict[str, str]
"""As the services have it: `{"amount": "86.28", "currency": "USD"}`."""
_LEFT_TO_RIGHT = "¤\xa0#,##0.00;-¤\xa0#,##0.00"
_MARKS = "\u200e\u200f"
"""Among words from right to left an amount is set apart (LRI, PDI): else its sign would wander to the other side."""
_SPACES = re.compile(r"[\s\u00a0\u202f'\u2019]")
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.")
_NUMBER = re.compile(r"-?[\d,.]*\d[\d,.]*")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[,.]\d{3})+")


@dataclass(frozen=True)
class Formats:
    """How one person reads figures: their language, the clinic's currency and time zone."""

    language: str
    currency: str = "USD"
    zone: str = "UTC"

    @property
    def locale(self) -> Locale:
        """Latin digits in every language: they are the ones on keyboards, receipts and card terminals."""
        return _locale_of(self.language)

    def money(self, given: Money | None, *, signed: bool = False) -> str:
        """An amount with its currency: `$86.28`; with `signed`, a plus too."""
        if given is None:
            return "–"
        return _amount_text(self.language, given["amount"], given["currency"], signed)

    def short_money(self, given: Money | None) -> str:
        """An amount for the axis of a plot: `$12K`."""
        if given is None:
            return "–"
        return str(
            format_compact_currency(
                Decimal(given["amount"]),
                given["currency"],
                locale=self.locale,
                fraction_digits=1,
                numbering_system="latn",
            )
        )

    def number(self, given: Any) -> str:
        """A count or a quantity."""
        return _number_text(self.language, str(given))

    def day(self, given: str | date | None, style: str = "medium") -> str:
        """A day without a time: `Nov 30, 2026`."""
        if given is None:
            return "–"
        return _day_text(self.language, date.fromisoformat(given) if isinstance(given, str) else given, style)

    def moment(self, given: str | None) -> str:
        """A day and time in the clinic's zone."""
        if given is None:
            return "–"
        return _moment_text(self.language, self._there(given))

    def clock(self, given: str | None) -> str:
        """A time of day in the clinic's zone."""
        if given is None:
            return "–"
        return _clock_text(self.language, self._there(given).time())

    def _there(self, given: str) -> datetime:
        """As clocks of the clinic's zone show it, to the minute, so that one that was written is found again."""
        there = datetime.fromisoformat(given).astimezone(ZoneInfo(self.zone))
        return there.replace(second=0, microsecond=0, tzinfo=None)

    def today(self) -> date:
        """The clinic's day."""
        return datetime.now(ZoneInfo(self.zone)).date()

    def typed(self, given: Money | str | None) -> str:
        """An amount as it stands in a field that a person types into, without its currency."""
        return "" if given is None else given if isinstance(given, str) else given["amount"]

    def amount(self, text: str) -> Money | None:
        """What a person typed as an amount, or None where it is none, with the currency's decimals at least."""
        plain = text.strip().removeprefix(self.currency).strip().strip("$€£")
        found = self.decimal(plain)
        if found is None:
            return None
        typed, decimals = -int(found.as_tuple().exponent), get_currency_precision(self.currency)
        return {"amount": f"{found:.{decimals}f}" if typed <= decimals else str(found), "currency": self.currency}

    def decimal(self, text: str) -> Decimal | None:
        """A number as a person typed it, or None where it is none: `1,200.50`, `1.200,50` and `1200` alike.

        The language's own separator of thousands groups, where three digits follow it; else the last one is the point.
        """
        typed = _SPACES.sub("", text.translate(_EASTERN)).replace("\u066c", "")
        if not _NUMBER.fullmatch(typed):
            return None
        plain = typed.removeprefix("-")
        last = max(plain.rfind(","), plain.rfind("."))
        groups = self.locale.number_symbols["latn"]["group"]
        if last >= 0 and (plain.count(plain[last]) > 1 or (plain[last] == groups and _GROUPED.fullmatch(plain))):
            last = len(plain)
        whole, fraction = (plain[:last], plain[last + 1 :]) if last >= 0 else (plain, "")
        found = Decimal(f"{re.sub('[,.]', '', whole) or '0'}.{fraction}".rstrip("."))
        return -found if typed.startswith("-") else found


# A page says the same amounts and days again and again; to write one takes longer than all else of its row.
@lru_cache(100)
def _locale_of(language: str) -> Locale:
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language.partition("-")[0])


@lru_cache(100)
def _western(language: str) -> Locale:
    """Dates of Arabic with the digits of everything else on the page."""
    found = _locale_of(language)
    return Locale.parse("ar_AE") if found.language == "ar" else found


@lru_cache(10_000)
def _amount_text(language: str, given: str, currency: str, signed: bool) -> str:
    amount, locale = Decimal(given), _locale_of(language)
    mirrored = locale.language in RIGHT_TO_LEFT
    form = _LEFT_TO_RIGHT if mirrored else None
    text = format_currency(amount, currency, format=form, locale=locale, numbering_system="latn")
    shown = f"+{text}" if signed and amount > 0 else text
    return f"\u2066{shown.strip(_MARKS)}\u2069" if mirrored else shown


@lru_cache(10_000)
def _day_text(language: str, day: date, style: str) -> str:
    return format_date(day, style, locale=_western(language))


@lru_cache(10_000)
def _moment_text(language: str, there: datetime) -> str:
    return format_datetime(there, "short", locale=_western(language))


@lru_cache(10_000)
def _clock_text(language: str, there: time) -> str:
    return format_time(there, "short", locale=_western(language))


@lru_cache(1_000)
def _number_text(language: str, given: str) -> str:
    return format_decimal(Decimal(given), locale=_locale_of(language), numbering_system="latn")


def minor(given: Money | None) -> Decimal:
    """An amount to compare and add up; zero for none."""
    return Decimal(given["amount"]) if given else Decimal(0)


def total(parts: list[Money | None], currency: str) -> Money:
    """The sum of amounts that are shown, as it is shown below them."""
    return {"amount": str(sum((minor(part) for part in parts), Decimal(0))), "currency": currency}
