"""Patterns of text in requests, each with what is wrong where one does not fit: nobody has to read the expression."""

from __future__ import annotations

from chassis.typed import ADDRESS, SAID

_SENTENCES: dict[str, str] = {}
UNEXPLAINED = "is not written as it should be"


def pattern(expression: str, otherwise: str) -> str:
    """The expression, remembered with what a refusal says: `is not an amount such as 86.28`.

    Raises ValueError for one that has another sentence already: a refusal would say what belongs to another field.
    """
    if _SENTENCES.setdefault(expression, otherwise) != otherwise:
        raise ValueError(f"the expression {expression} has the sentence {_SENTENCES[expression]!r} already")
    return expression


def refusal_of(expression: str) -> str:
    """What is wrong with text that does not fit the expression."""
    return _SENTENCES.get(expression, UNEXPLAINED)


NOT_BLANK = pattern(SAID, "is blank")
_OF_LINE = r"[^\x00-\x1f\x7f]*"
ONE_LINE = pattern(f"^{_OF_LINE}$", "is not one line of text")
"""Perhaps a blank one."""
LINE_OF_WORDS = pattern(f"^{_OF_LINE}{SAID}{_OF_LINE}$", "is not one line of text")
"""One that is not blank."""
TEXT = pattern(r"^[^\x00]+$", "has characters that are not text")
EMAIL = pattern(ADDRESS, "is not an email address such as desk@example.org")
CURRENCY = pattern(r"^[A-Z]{3}$", "is not a currency code such as USD")
