"""How a clinic writes its document numbers: `INV-{year}-{number:06}` (`INV-7`)."""

from __future__ import annotations

import re
from datetime import date

from invoicing.domain.errors import Invalid

_FIELD = re.compile(r"\{(year|number)(?::0([1-9]|1[0-2]))?\}")
_LONGEST = 40


def check_pattern(pattern: str, field: str) -> str:
    """Accept a pattern with one `{number}`, perhaps padded, and any `{year}`. Raises Invalid."""
    fields = [match.group(1) for match in _FIELD.finditer(pattern)]
    rest = _FIELD.sub("", pattern)
    if fields.count("number") != 1 or "{" in rest or "}" in rest:
        raise Invalid(field, "a number pattern has one {number} or {number:06}, and {year} where wanted")
    if not rest.isprintable() or len(pattern) > _LONGEST:
        raise Invalid(field, f"a number pattern is printable and has at most {_LONGEST} characters")
    return pattern


def format_number(pattern: str, number: int, on: date) -> str:
    """The number as printed; the year is that of the document's date in the clinic's zone."""
    values = {"year": on.year, "number": number}
    return _FIELD.sub(lambda match: f"{values[match.group(1)]:0{match.group(2) or 1}d}", pattern)
