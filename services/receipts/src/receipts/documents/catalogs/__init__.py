"""The words of the documents, one catalog per language, and which language a reader gets (`RCP-4`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de", "fr", "es", "ar", "pl", "uk", "ja")
FALLBACK = "en"


def choose_language(*wanted: str | None) -> str:
    """The first tag (`fr-CA`) whose language has a catalog, as given: its region still formats dates and money."""
    for tag in wanted:
        if tag and language_of(tag) in LANGUAGES:
            return tag.replace("_", "-")
    return FALLBACK


def language_of(tag: str) -> str:
    """The language of a BCP 47 tag: `fr` of `fr-CA`."""
    return tag.replace("_", "-").split("-")[0].lower()


@cache
def words(language: str) -> Mapping[str, str]:
    """A language's words by key."""
    text = (files(__name__) / f"{language}.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}
