"""The system's own texts, one file per language."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

LANGUAGES: Final = ("en", "de", "fr", "es", "ar", "pl", "uk", "ja")
FALLBACK: Final = "en"


@dataclass(frozen=True)
class Texts:
    """All that is said in one language; `version` counts its changes, so that the log can say what was sent."""

    language: str
    version: int
    direction: str
    greeting: str
    attached: str
    linked: str
    credit: str
    questions: str
    questions_by_phone: str
    questions_by_phone_alone: str
    closing: str
    unsubscribing: Mapping[str, str]
    endpoint_disabled: Mapping[str, str]
    how_to_pay: Mapping[str, str]
    labels: Mapping[str, str]
    notices: Mapping[str, Mapping[str, str]]


@cache
def texts_in(language: str) -> Texts:
    """The texts of one of LANGUAGES."""
    source = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return Texts(language=language, **tomllib.loads(source))


def language_for(*wanted: str | None) -> str:
    """The first of the wanted languages (BCP 47 tags) that there are texts in, else English."""
    for tag in wanted:
        primary = (tag or "").replace("_", "-").split("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return FALLBACK
