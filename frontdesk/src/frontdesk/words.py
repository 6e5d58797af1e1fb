"""What the pages say, in five languages: a row for each sentence, in English first.

`pages.tsv` has the pages' own, `refusals.tsv` those that services refuse with, by their forms (`is above {le}`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "ar": "العربية"}
"""By code, as each calls itself."""
WRITTEN_IN = LANGUAGES | {"pl": "Polski", "uk": "Українська", "ja": "日本語"}
"""Languages of documents and messages, more than of these pages."""


@cache
def table() -> dict[str, dict[str, str]]:
    """Every sentence by its English text: what it is in each language."""
    return {english: row for name in ("pages", "refusals") for english, row in _rows(name).items()}


def _rows(name: str) -> dict[str, dict[str, str]]:
    text = files("frontdesk").joinpath(f"words/{name}.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["en"]: dict(row) for row in rows}


def say(language: str, english: str, **parts: Any) -> str:
    """A sentence in a language, with its parts put in. Raises KeyError for one that is not in the table."""
    text = table()[english][language]
    return text.format(**parts) if parts else text


def language_of(*wanted: str | None) -> str:
    """The first of these that there are words in: a person's own choice, their browser's, the clinic's."""
    for one in wanted:
        code = (one or "").partition("-")[0].partition("_")[0].lower()
        if code in LANGUAGES:
            return code
    return "en"


def accepted(header: str) -> list[str]:
    """Languages of an Accept-Language, the dearest first."""
    weighed: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        code, _, quality = part.strip().partition(";q=")
        try:
            weighed.append((float(quality or 1), code))
        except ValueError:
            continue
    return [code for _, code in sorted(weighed, key=lambda one: -one[0])]


def missing_words() -> Mapping[str, list[str]]:
    """Sentences that lack a language."""
    found = {english: [code for code in LANGUAGES if not row.get(code)] for english, row in table().items()}
    return {english: codes for english, codes in found.items() if codes}
