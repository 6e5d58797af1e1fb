"""Money, dates and addresses as a reader of the document's language writes them (`RCP-4`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache

from babel import Locale, UnknownLocaleError, dates, numbers
from chassis.clock import today, zone
from chassis.money import Money, decimals_of

from receipts.documents.catalogs import FALLBACK, language_of, words
from receipts.domain.people import Address

_CITY_BEFORE_CODE = frozenset({"US", "CA", "AU", "GB", "IE", "IN", "NZ"})
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
"""Where CLDR asks for a space between a currency's code and the figure (`KWD 100.125`), which Babel leaves out."""
_LATIN_SEPARATORS = str.maketrans({"\u066b": ".", "\u066c": ",", "\u060c": ",", "\u2e41": ","})
"""What some locales write between Latin digits for lack of others: a figure is of one numbering system."""
_LEFT_TO_RIGHT = "\u2066{}\u2069"
"""Isolates what keeps its own order inside right-to-left text: numbers of documents, phones, codes."""
_MARKS = re.compile("[\u061c\u200e\u200f]")
_FIGURE_OR_CURRENCY = re.compile(r"[-\u2212]?\d[\d.,]*|[^\W\d_]*\.?[$\u20ac\u00a3\u00a5\u20aa]|[A-Z]{2,}")
"""A number with its minus, or a currency's sign or code; an Arabic abbreviation has the direction of the text."""
_OWN_DIRECTION = "\u2068{}\u2069"
"""Isolates what others wrote: its first letter decides on its direction."""


@lru_cache(maxsize=256)
def locale_of(language: str) -> Locale:
    """The locale of a BCP 47 tag; a region that CLDR does not know falls back to the language."""
    for tag in (language, language_of(language), FALLBACK):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(FALLBACK)


@dataclass(frozen=True)
class Formatting:
    """The words and the formats of one language."""

    language: str
    texts: Mapping[str, str] = field(default_factory=dict)
    """The clinic's own, in the place of those of the catalog (`RCP-6`)."""

    @cached_property
    def locale(self) -> Locale:
        """The locale, with its region where one was given."""
        return locale_of(self.language)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The catalog, with the clinic's own texts in it."""
        catalog = words(language_of(self.language))
        return {**catalog, **self.texts} if self.texts else catalog

    @property
    def right_to_left(self) -> bool:
        """Whether the script runs from right to left."""
        return bool(self.locale.text_direction == "rtl")

    def text(self, key: str, **values: str) -> str:
        """A phrase of the catalog with its values; a value that ends with a full stop ends the sentence, too."""
        said = self.words[key].format(**values)
        return said.removesuffix(".") if said.endswith("..") and not said.endswith("...") else said

    def money(self, amount: Money) -> str:
        """An amount with all decimals of its currency, exactly."""
        value = Decimal(amount.minor).scaleb(-decimals_of(amount.currency))
        printed = numbers.format_currency(
            value, amount.currency, locale=self.locale, currency_digits=True, numbering_system="latn"
        )
        return self._figure(printed)

    def price(self, amount: str, currency: str) -> str:
        """A price with as many decimals as it has, and at least those of its currency (`MON-7`)."""
        decimals = max(decimals_of(currency), len(amount.partition(".")[2]))
        value = Decimal(amount).quantize(Decimal(1).scaleb(-decimals))
        printed = numbers.format_currency(
            value,
            currency,
            locale=self.locale,
            currency_digits=False,
            decimal_quantization=False,
            numbering_system="latn",
        )
        return self._figure(printed)

    def day(self, day: date) -> str:
        """A calendar day, with the month in words."""
        return dates.format_date(day, "medium", locale=self.locale)

    def instant(self, moment: datetime, zone_name: str) -> str:
        """Date and time on the clinic's wall, with the zone's name where it has one (`RCP-2`)."""
        local = moment.astimezone(zone(zone_name))
        day = dates.format_date(local, "medium", locale=self.locale)
        time = dates.format_time(local, "short", locale=self.locale)
        return f"{day}, {time}"

    def local_day(self, moment: datetime, zone_name: str) -> str:
        """The clinic's calendar day of an instant."""
        return self.day(today(moment, zone_name))

    def number(self, text: str) -> str:
        """A decimal string of an event (`1.5`) with the reader's decimal sign."""
        value = Decimal(text).normalize()
        printed = numbers.format_decimal(value, locale=self.locale, decimal_quantization=False, numbering_system="latn")
        return self._figure(printed)

    def _figure(self, printed: str) -> str:
        """A figure as Babel writes it: of one numbering system, apart from its currency, in its own order."""
        spaced = _LETTER_BEFORE_DIGIT.sub("\N{NO-BREAK SPACE}", printed)
        return self._directed(spaced.translate(_LATIN_SEPARATORS))

    def _directed(self, printed: str) -> str:
        """A figure and its currency, each in its own order, where the script runs from right to left.

        A minus stands before the digits that it is of, and the sign of US$ behind its letters: both have no direction
        of their own, and would take that of the text around them.
        """
        if not self.right_to_left:
            return printed
        return _FIGURE_OR_CURRENCY.sub(lambda one: _LEFT_TO_RIGHT.format(one[0]), _MARKS.sub("", printed))

    def verbatim(self, text: str) -> str:
        """Text that keeps its left-to-right order in right-to-left surroundings."""
        return _LEFT_TO_RIGHT.format(text) if self.right_to_left else text

    def own(self, text: str) -> str:
        """Text that others wrote (names, addresses, descriptions), each line in the direction of its own letters."""
        return "\n".join(_OWN_DIRECTION.format(line) for line in text.splitlines()) if self.right_to_left else text

    def address(self, address: Address | None, *, home: str | None = None) -> list[str]:
        """The lines of an address in its country's order; the country is named when it is not `home`."""
        if address is None:
            return []
        lines = [*address.lines, _city_line(address)]
        if home is not None and address.country != home:
            lines.append(self.locale.territories.get(address.country, address.country))
        return [self.own(line) for line in lines if line]


def _city_line(address: Address) -> str:
    if address.country in _CITY_BEFORE_CODE:
        city = ", ".join(part for part in (address.city, address.region) if part)
        return " ".join(part for part in (city, address.postal_code) if part)
    city = " ".join(part for part in (address.postal_code, address.city) if part)
    return ", ".join(part for part in (city, address.region) if part)
