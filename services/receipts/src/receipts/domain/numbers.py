"""Receipt numbers as the clinic's pattern writes them (`INV-7`)."""

from __future__ import annotations

from datetime import date

from chassis.number_patterns import PatternUnusable, format_number, require_pattern

DEFAULT_PATTERN = "REC-{year}-{number:06}"


def number_of_receipt(pattern: str, number: int, on: date) -> str:
    """The number as printed; the year is that of the clinic's calendar day.

    A pattern that cannot be used gives way to the default: a payment that was made must have its receipt.
    """
    try:
        return format_number(require_pattern(pattern), number, on)
    except PatternUnusable:
        return format_number(DEFAULT_PATTERN, number, on)
