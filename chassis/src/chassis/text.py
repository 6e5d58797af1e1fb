"""Text that can be kept: Unicode, without NUL, which PostgreSQL keeps in none, or half of a character (`ALL-2`)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

NO_NUL = "must not contain NUL"
NOT_UNICODE = "is not Unicode text"
_UNKEPT = re.compile("[\0\ud800-\udfff]")
_TOO_LARGE = "is a number beyond all bounds"


def unkept(text: str) -> str | None:
    """What is wrong with text that can be kept nowhere: a NUL, a surrogate without its other half (RFC 7493, 2.1)."""
    if "\0" in text:
        return NO_NUL
    return NOT_UNICODE if not text.isascii() and _UNKEPT.search(text) else None


def kept(text: str) -> str:
    """The text with U+FFFD for what can be kept nowhere: another system's words are noted whatever is in them."""
    return _UNKEPT.sub("\N{REPLACEMENT CHARACTER}", text)


def first_unkept(value: Any, name: str = "") -> tuple[str, str] | None:
    """Which member of parsed JSON cannot be kept (`lines[0].note`), and why; a name that cannot be is its object's.

    It is as deep as the document is, and raises RecursionError where that is deeper than Python goes.
    """
    if isinstance(value, Mapping):
        if wrong := next(filter(None, map(unkept, value)), None):
            return name, wrong
        return _first((f"{name}.{key[:100]}" if name else key[:100], one) for key, one in value.items())
    if isinstance(value, list):
        return _first((f"{name}[{place}]", one) for place, one in enumerate(value))
    wrong = _wrong(value)
    return (name, wrong) if wrong else None


def _first(parts: Iterable[tuple[str, Any]]) -> tuple[str, str] | None:
    return next(filter(None, (first_unkept(value, name) for name, value in parts)), None)


def _wrong(value: Any) -> str | None:
    if isinstance(value, str):
        return unkept(value)
    if isinstance(value, int | float) and abs(value) > sys.float_info.max:
        return _TOO_LARGE
    return None
