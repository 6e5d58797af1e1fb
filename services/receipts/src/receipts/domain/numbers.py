"""Receipt numbers as the clinic's pattern writes them (`INV-7`)."""

from __future__ import annotations

from datetime import date

DEFAULT_PATTERN = "REC-{year}-{number:06}"
LONGEST_NUMBER = 60


def format_number(pattern: str, number: int, on: date) -> str:
    """The number as printed; the year is that of the clinic's calendar day.

    A pattern that cannot be used, or would not tell one receipt from the next, gives way to the default: a payment
    that was made must have its receipt.
    """
    try:
        printed = pattern.format(number=number, year=on.year)
        following = pattern.format(number=number + 1, year=on.year)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError):
        return DEFAULT_PATTERN.format(number=number, year=on.year)
    usable = printed != following and len(printed) <= LONGEST_NUMBER and printed.isprintable()
    return printed if usable else DEFAULT_PATTERN.format(number=number, year=on.year)
