"""Which text documents can print: characters that a font has, and none that upsets the text around it (`RCP-10`).

The fonts are those of receipts. Which characters these have stands in `printed_characters.txt`, so that every service
can refuse others where they are entered; `python -m receipts.documents.characters` writes it, a test holds it to them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from chassis.sentence import Sentence

MARKS_MAX = 4
"""So many combining marks a letter has at most in any script that is written; more run over the page."""
NO_GLYPH = "has a character that no document can print: {character}"

_DIRECTING = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""What directs text and shows nothing: it would turn round what stands beside it, or say what nobody sees."""
_SHOWN_BY_OTHERS = "\t\n\r\u200c\u200d"
"""Spaces, and what joins or parts letters: no font needs to have them."""
_MARKS = {"Mn", "Me"}


def printable(text: str) -> str:
    """The text as it is printed: nothing that directs it, its marks bounded, U+FFFD for what no font has."""
    if text.isascii() and text.isprintable():
        return text
    return _unprinted().sub("\N{REPLACEMENT CHARACTER}", _bounded(_DIRECTING.sub("", text)))


def printable_in(value: Any) -> Any:
    """Parsed JSON with each of its texts as it is printed."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: printable_in(one) for name, one in value.items()}
    return [printable_in(one) for one in value] if isinstance(value, list) else value


def unprintable(text: str) -> str | None:
    """What is wrong with text that cannot be printed: the first character that no font has."""
    found = None if text.isascii() else _unprinted().search(_DIRECTING.sub("", text))
    return Sentence(NO_GLYPH, character=f"U+{ord(found[0][0]):04X}") if found else None


def first_unprintable(value: Any, name: str = "") -> tuple[str, str] | None:
    """Which member of parsed JSON cannot be printed (`lines[0].note`), and why."""
    if isinstance(value, str):
        wrong = unprintable(value)
        return (name, wrong) if wrong else None
    if isinstance(value, Mapping):
        return _first((f"{name}.{key[:100]}" if name else key[:100], one) for key, one in value.items())
    listed = enumerate(value if isinstance(value, list) else [])
    return _first((f"{name}[{place}]", one) for place, one in listed)


def _first(parts: Iterable[tuple[str, Any]]) -> tuple[str, str] | None:
    return next(filter(None, (first_unprintable(value, name) for name, value in parts)), None)


def _bounded(text: str) -> str:
    """The text with no more than so many marks on a letter."""
    kept, marks = [], 0
    for one in text:
        marks = marks + 1 if unicodedata.category(one) in _MARKS else 0
        if marks <= MARKS_MAX:
            kept.append(one)
    return "".join(kept)


@cache
def _unprinted() -> re.Pattern[str]:
    """A run of characters that no font has."""
    ranges = (files("chassis") / "printed_characters.txt").read_text(encoding="ascii").split()
    known = "".join("-".join(f"\\U{int(end, 16):08x}" for end in range_.split("-")) for range_ in ranges)
    return re.compile(f"[^{_SHOWN_BY_OTHERS}{known}]+")
