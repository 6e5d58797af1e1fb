"""Templates into HTML: sandboxed Jinja2 that escapes everything and stumbles over a missing value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=PackageLoader("receipts.documents", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(template: str, view: Mapping[str, Any]) -> str:
    """The template with the view's values in it, escaped."""
    return _environment().get_template(template).render(view)
