"""Names of people as one writes them: which of both comes first depends on the script, not on the reader."""

from __future__ import annotations

import unicodedata
from typing import Final

from chassis.typed import says_something

_FAMILY_FIRST: Final = ("CJK ", "HIRAGANA ", "KATAKANA ", "HANGUL ")
"""Scripts, by the beginning of their letters' names (UCD), in which a family name comes before a given name."""


def full_name(given: str, family: str) -> str:
    """A person's whole name: the family name first where that is written in Chinese, Japanese or Korean letters."""
    parts = (family, given) if any(map(_is_of_east_asia, family)) else (given, family)
    return " ".join(part.strip() for part in parts if says_something(part))


def _is_of_east_asia(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_FAMILY_FIRST)
