"""Whether a text can take the place of one of a catalog: it says all that the other says, and nothing runs in it."""

from __future__ import annotations

from string import Formatter

from chassis.sentence import Sentence

from receipts.documents.catalogs import LANGUAGES, words


def refusal_of(language: str, name: str, text: str) -> str | None:
    """What is wrong with a clinic's own text; None where it can be printed (`RCP-6`)."""
    if language not in LANGUAGES:
        return Sentence("is not one of the languages {languages}", languages=", ".join(LANGUAGES))
    catalog = words(language)
    if name not in catalog:
        return "is not the name of a text"
    wanted = _places(catalog[name]) or []
    given = _places(text)
    if given is None:
        return "has a brace that is not one of a place such as {number}"
    if given != wanted:
        named = ", ".join(f"{{{place}}}" for place in wanted) or "none"
        return Sentence(
            "has other places than the text that it replaces, in whose order they are: {places}", places=named
        )
    return None


def _places(text: str) -> list[str] | None:
    """The places for values, in their order; None where the text has others than plain names."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    plain = all(name and name.isidentifier() and not form and not conversion for _, name, form, conversion in parts)
    return [name for _, name, _, _ in parts if name] if plain else None
