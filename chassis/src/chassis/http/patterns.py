"""Patterns of text in requests, each with what is wrong where one does not fit: nobody has to read the expression."""

from __future__ import annotations

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


NOT_BLANK = pattern(r"\S", "is blank")
ONE_LINE = pattern(r"^[^\x00-\x1f\x7f]*$", "is not one line of text")
TEXT = pattern(r"^[^\x00]+$", "has characters that are not text")
CURRENCY = pattern(r"^[A-Z]{3}$", "is not a currency code such as USD")
