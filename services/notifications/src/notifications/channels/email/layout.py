"""How an email looks: plain text, and HTML that a screen reader, a phone and an old mail program can show."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from notifications.channels.email.letter import Letter


def as_text(letter: Letter) -> str:
    """The letter as plain text."""
    return _environment().get_template("layout.txt.j2").render(letter=letter)


def as_html(letter: Letter) -> str:
    """The letter as HTML, with all styles inline and nothing fetched from anywhere."""
    return _environment().get_template("layout.html.j2").render(letter=letter)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=select_autoescape(("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["isolated"] = _isolated
    return environment


def _isolated(value: str, direction: str) -> str:
    return value if direction == "ltr" else f"\u2068{value}\u2069"
