"""How a clinic writes the numbers of its documents: `INV-{year}-{number:06}` (`INV-7`)."""

from __future__ import annotations

import re
from datetime import date

from chassis.sentence import Sentence

LONGEST_PATTERN = 40
"""Characters. A number that is printed by it has at most 60."""
_FIELD = re.compile(r"\{(year|number)(?::0([1-9]|1[0-2]))?\}")


class PatternUnusable(ValueError):
    """A pattern by which no numbers can be written; its text says what is wrong with it."""


def require_pattern(pattern: str) -> str:
    """A pattern with one `{number}`, perhaps padded with zeros, and any `{year}`. Raises PatternUnusable."""
    fields = [match.group(1) for match in _FIELD.finditer(pattern)]
    rest = _FIELD.sub("", pattern)
    if fields.count("number") != 1 or "{" in rest or "}" in rest:
        raise PatternUnusable("a number pattern has one {number} or {number:06}, and {year} where wanted")
    if not rest.isprintable() or len(pattern) > LONGEST_PATTERN:
        raise PatternUnusable(
            Sentence("a number pattern is printable and has at most {most} characters", most=LONGEST_PATTERN)
        )
    return pattern


def written_alike(pattern: str) -> str:
    """What stands for all patterns that write the same numbers: in any case, with or without zeros before them."""
    return _FIELD.sub(lambda match: "{" + match.group(1) + "}", pattern).casefold()


def format_number(pattern: str, number: int, on: date) -> str:
    """The number as printed, by a usable pattern; the year is that of the document's date in the clinic's zone."""
    values = {"year": on.year, "number": number}
    return _FIELD.sub(lambda match: f"{values[match.group(1)]:0{match.group(2) or 1}d}", pattern)


def read_number(pattern: str, printed: str) -> int:
    """The number in what was printed by a pattern; never less than it where another pattern printed it.

    Of what a clinic's pattern no longer prints, it is the largest number in the text; 0 where there is none.
    """
    match = re.fullmatch(_as_expression(pattern), printed)
    found = [match["number"]] if match else re.findall(r"[0-9]+", printed)
    return max((int(digits) for digits in found), default=0)


def _as_expression(pattern: str) -> str:
    texts = [re.escape(part) for part in _FIELD.sub("\0", pattern).split("\0")]
    return texts[0] + "".join(
        _digits(match) + following for match, following in zip(_FIELD.finditer(pattern), texts[1:], strict=True)
    )


def _digits(field: re.Match[str]) -> str:
    if field.group(1) == "number":
        return "(?P<number>[0-9]+)"
    return f"[0-9]{{{max(4, int(field.group(2) or 1))}}}"
