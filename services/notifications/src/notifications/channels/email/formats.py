"""Money, days and moments as the reader writes them, and text that fits into one line."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from chassis.money import decimals_of

from notifications.domain.message import Subject

MARKS_MAX = 8
"""Combining marks on one letter: more than any language's spelling has."""
_JOINERS = "\u200c\u200d"
"""Invisible, yet part of the spelling of many names."""


@dataclass(frozen=True)
class Formats:
    """Money and moments as the reader writes them, in the clinic's zone."""

    locale: Locale
    zone: ZoneInfo

    def money(self, minor: int, currency: str) -> str:
        """An amount of minor units, exact."""
        decimals = decimals_of(currency)
        pattern = copy(self.locale.currency_formats["standard"])
        # The locale data would round some currencies to fewer decimals than are paid in them.
        pattern.frac_prec = (decimals, decimals)
        amount = Decimal(minor).scaleb(-decimals)
        formatted: str = pattern.apply(amount, self.locale, currency=currency, currency_digits=False)
        return formatted

    def day(self, day: date) -> str:
        """A calendar day."""
        return format_date(day, "long", locale=self.locale)

    def moment(self, moment: datetime) -> str:
        """An instant on the clinic's clock: what happened at its desk, the patient remembers by it."""
        local = moment.astimezone(self.zone)
        day, clock = format_date(local, "long", locale=self.locale), format_time(local, "short", locale=self.locale)
        return f"{day}, {clock}"


def one_line(text: str) -> str:
    """Text that fits into a header: control, line and bidirectional format characters become spaces, runs become one.

    This is what makes a second header impossible, whatever a name has in it, and keeps the text around it readable.
    """
    visible = (" " if _is_invisible(char) else char for char in text)
    return " ".join("".join(_few_marks(visible)).split())


def _few_marks(text: Iterable[str]) -> Iterator[str]:
    """Without the marks that no letter has so many of: hundreds over one letter cover the lines around it."""
    marks = 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= MARKS_MAX:
            yield char


def _is_invisible(char: str) -> bool:
    return unicodedata.category(char)[0] in "CZ" and char not in _JOINERS


def money_of(subject: Subject, formats: Formats, minor: int | None = None) -> str:
    """An amount in a message's currency; without one, the amount that the message is about."""
    amount = subject.amount_minor if minor is None else minor
    return formats.money(amount, subject.currency) if amount is not None and subject.currency else ""
