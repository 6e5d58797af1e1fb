"""Days as people write them: 1987-04-09 everywhere, 04/09/1987 or 09.04.1987 where it is usual (`INV-18`)."""

from __future__ import annotations

import re
from datetime import date

# Where the month comes first; everywhere else a day is written before its month.
_MONTH_FIRST = ("en", "en-us", "en-ph", "en-pr", "en-vi", "en-gu", "en-as", "en-mp", "en-mh", "es-pr", "es-pa", "fil")
_WRITTEN = re.compile(
    r"(?<![\w.])(?P<first>\d{1,4})(?:(?P<dash>-)|[./]) ?(?P<middle>\d{1,2})(?(dash)-|[./]) ?(?P<last>\d{1,4})(?!\w)\.?"
)
_YEAR_DIGITS, _SHORT_YEAR_DIGITS, _CENTURY = 4, 2, 100


def take_days(told: str, language: str, today: date) -> tuple[list[date], str]:
    """The days in a text, and the rest of it. `language` is the clinic's, which says what comes first."""
    found: list[date] = []

    def take(written: re.Match[str]) -> str:
        day = _day(written, language, today)
        if day is None:
            return written[0]
        found.append(day)
        return " "

    rest = _WRITTEN.sub(take, told)
    return found, rest


def _day(written: re.Match[str], language: str, today: date) -> date | None:
    """The day that is meant; where the usual order gives none, as with a thirteenth month, it is the other one's."""
    first, middle, last = written["first"], written["middle"], written["last"]
    if len(first) == _YEAR_DIGITS:
        return _made(int(first), int(middle), int(last)) if len(last) <= _SHORT_YEAR_DIGITS else None
    if len(first) > _SHORT_YEAR_DIGITS:
        return None
    year = _year(last, today, short=written["dash"] is None)
    if year is None:
        return None
    orders = [_made(year, int(middle), int(first)), _made(year, int(first), int(middle))]
    if _is_month_first(language):
        orders.reverse()
    return orders[0] or orders[1]


def _year(last: str, today: date, *, short: bool) -> int | None:
    """The year, if it is one: 87 is the latest year of that ending. With dashes, 12-10-87 may be any other number."""
    if len(last) == _YEAR_DIGITS:
        return int(last)
    if len(last) != _SHORT_YEAR_DIGITS or not short:
        return None
    year = today.year - today.year % _CENTURY + int(last)
    return year if year <= today.year else year - _CENTURY


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_month_first(language: str) -> bool:
    parts = language.lower().replace("_", "-").split("-")
    return "-".join(parts) in _MONTH_FIRST or (parts[0] == "en" and parts[-1] == "us")
