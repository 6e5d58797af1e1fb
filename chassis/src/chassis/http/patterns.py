"""Patterns of text in requests, each with what is wrong where one does not fit: nobody has to read the expression."""

from __future__ import annotations

from chassis.typed import SAID

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
_NOT_OF_ADDRESSES = r"\s\x00-\x1f\x7f<>@\"(),:;\\"
_DOTS = r".\u3002\uff0e\uff61"
"""Those of IDNA (RFC 3490): people type what their keyboard has."""
EMAIL = pattern(
    rf"^[^{_NOT_OF_ADDRESSES}]{{1,64}}@([^{_NOT_OF_ADDRESSES}{_DOTS}]{{1,63}}[{_DOTS}])+"
    rf"[^{_NOT_OF_ADDRESSES}{_DOTS}0-9][^{_NOT_OF_ADDRESSES}{_DOTS}]{{1,62}}$",
    "is not an email address such as desk@example.org",
)
"""With a top-level domain: nobody can be mailed at `jane@gmail`."""
CURRENCY = pattern(r"^[A-Z]{3}$", "is not a currency code such as USD")
