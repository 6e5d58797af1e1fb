"""Templates into HTML: sandboxed Jinja2 that escapes everything and stumbles over a missing value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

_ISOLATED = re.compile("\u2068([^\u2068\u2069]*)\u2069")
_DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("receipts.documents", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["own"] = own
    return environment


def own(text: str) -> str:
    """What others wrote, as elements with the direction of its first letter.

    A character that isolates it does so on its own line only, and a line that goes on has lost it.
    """
    if "\u2068" not in text:
        return text
    return Markup(_ISOLATED.sub(_element, escape(text)))  # noqa: S704 - escaped right here


def _element(isolated: re.Match[str]) -> str:
    said = isolated[1]
    found = (_DIRECTIONS[kind] for one in said if (kind := unicodedata.bidirectional(one)) in _DIRECTIONS)
    return f'<span class="own" dir="{next(found, "ltr")}">{said}</span>'


def fill(template: str, view: Mapping[str, Any]) -> str:
    """The template with the view's values in it, escaped."""
    return _environment().get_template(template).render(view)
