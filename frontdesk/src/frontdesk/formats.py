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
THOUSANDTHS = 3
"""The decimals of KWD and others, of which `1.234` may be an amount."""
Money = dict[str, str]
"""As the services have it: `{"amount": "86.28", "currency": "USD"}`."""
_LEFT_TO_RIGHT = "¤\xa0#,##0.00;-¤\xa0#,##0.00"
_MARKS = "\u200e\u200f"
"""Among words from right to left an amount is set apart (LRI, PDI): else its sign would wander to the other side."""
_UNSEEN = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬\u2019\u00a0\u202f",
    "01234567890123456789''  ",
    "\u200e\u200f\u061c\u2066\u2067\u2068\u2069",
)
"""Digits and signs that say the same as those of keyboards; marks of direction, which come with what is pasted."""
_PLAIN = re.compile(r"(?P<whole>\d*)(?:[.,٫](?P<fraction>\d*))?", re.ASCII)
_BY_THREE = re.compile(
    r"(?P<whole>[1-9]\d{0,2}(?P<group>[.,' ])\d{3}(?:(?P=group)\d{3})*)(?:(?!(?P=group))[.,٫](?P<fraction>\d*))?",
    re.ASCII,
)
_AS_IN_INDIA = re.compile(r"(?P<whole>[1-9]\d?(?:,\d{2})+,\d{3})(?:[.٫](?P<fraction>\d*))?", re.ASCII)
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}", re.ASCII)
"""A thousand and more, or one and a fraction: the language says which, where it says anything."""
_NO_DIGIT = re.compile(r"\D")
_SIGNS = "$€£¥"


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
        """An amount or a number as it stands in a field that a person types into: `172839,38`, without currency."""
        if given is None:
            return ""
        return (given if isinstance(given, str) else given["amount"]).replace(".", self.point)

    @property
    def point(self) -> str:
        """What stands before the decimals, in this language."""
        return str(self.locale.number_symbols["latn"]["decimal"])

    def amount(self, text: str) -> Money | None:
        """What a person typed as an amount, or None where it is none, with the currency's decimals at least.

        Where the currency has three decimals, `1.234` is never a thousand: somebody may have meant the other.
        """
        code = self.currency
        plain = text.translate(_UNSEEN).strip().removeprefix(code).removesuffix(code).strip().strip(_SIGNS).strip()
        found, decimals = self.decimal(plain), get_currency_precision(code)
        if found is None or (decimals >= THOUSANDTHS and self._groups(plain.removeprefix("-"))):
            return None
        typed = -int(found.as_tuple().exponent)
        return {"amount": f"{found:.{decimals}f}" if typed <= decimals else f"{found:f}", "currency": code}

    def decimal(self, text: str) -> Decimal | None:
        """A number as a person typed it, or None where it is none: `1,200.50`, `1.200,50` and `1200` alike.

        Thousands are grouped by three and by one sign. Where `1.234` can be read in two ways, the language's own signs
        say which is meant, and where neither is its own nothing is guessed.
        """
        typed = text.translate(_UNSEEN).strip()
        plain = typed.removeprefix("-")
        groups = self._groups(plain)
        if _EITHER.fullmatch(plain) and not groups and self.point not in plain:
            return None
        forms = (_BY_THREE,) if groups else (_PLAIN, _BY_THREE, _AS_IN_INDIA)
        found = next((each for form in forms if (each := form.fullmatch(plain))), None)
        whole, fraction = (_NO_DIGIT.sub("", found["whole"]), found["fraction"] or "") if found else ("", "")
        if not whole + fraction:
            return None
        value = Decimal(f"{whole or '0'}.{fraction}".rstrip("."))
        return -value if typed.startswith("-") else value

    def _groups(self, plain: str) -> bool:
        """Whether its only sign is the language's own between thousands, and stands where that does."""
        return _EITHER.fullmatch(plain) is not None and str(self.locale.number_symbols["latn"]["group"]) in plain


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
