"""A clinic's own template into HTML, in a sandbox that reaches the values handed to it and nothing else (`RCP-6`).

It runs in a rendering process only, compiling included: constants are computed then. The kernel counts what it takes
of time and memory (see `limits`), `Assets` answers what its HTML asks for, and what it writes is bounded here.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any, Final

from jinja2 import PackageLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

from receipts.documents.render.html import own
from receipts.documents.render.kinds import FRAME, ROLL, TEMPLATES
from receipts.documents.render.render_job import TemplateRefused

LARGEST_HTML: Final = 1_000_000
"""In characters; a receipt of fifty lines has thirty thousand."""
_NAME: Final = "own"
_NAME_SAID: Final = re.compile(r"'([A-Za-z_]\w*)'")
_UNSAFE_FILTERS: Final = frozenset({"safe", "pprint"})
_UNSAFE_NODES: Final = (nodes.EvalContextModifier, nodes.Import, nodes.FromImport)


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=PackageLoader("receipts.documents", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals = {"range": safe_range}
    environment.filters = {name: one for name, one in environment.filters.items() if name not in _UNSAFE_FILTERS}
    environment.filters["own"] = own
    return environment


def fill_own(template: str, instead_of: str, view: Mapping[str, Any]) -> str:
    """The clinic's template with the view's values in it. Raises TemplateRefused, which names its line."""
    with _refusals(template):
        return _joined(_compiled(template, instead_of).generate(view))


@lru_cache(maxsize=32)
def _compiled(template: str, instead_of: str) -> Template:
    environment = _environment()
    parsed = environment.parse(template, _NAME)
    _check(parsed, instead_of)
    return environment.from_string(parsed)


def _check(parsed: nodes.Template, instead_of: str) -> None:
    """It fills blocks of a template of the system: head, title and language of a document are never its own."""
    above = [one for one in parsed.body if isinstance(one, nodes.Extends)]
    named = above[0].template if above else None
    bases = [instead_of] if instead_of == TEMPLATES[ROLL] else [instead_of, FRAME]
    if not isinstance(named, nodes.Const) or named.value not in bases:
        begins = " or ".join(f'{{% extends "{base}" %}}' for base in bases)
        raise TemplateRefused(f"line 1: it begins with {begins}")
    for kind in _UNSAFE_NODES:
        for found in parsed.find_all(kind):
            raise TemplateRefused(f"line {found.lineno}: {type(found).__name__} is not for a clinic's template")


def _joined(parts: Iterable[str]) -> str:
    written, length = [], 0
    for part in parts:
        length += len(part)
        if length > LARGEST_HTML:
            raise TemplateRefused(f"it writes more than {LARGEST_HTML} characters")
        written.append(part)
    return "".join(written)


@contextmanager
def _refusals(template: str) -> Iterator[None]:
    """Whatever a template raises, as a refusal that names its line."""
    try:
        yield
    except TemplateRefused:
        raise
    except TemplateSyntaxError as wrong:
        raise TemplateRefused(f"line {wrong.lineno}: {wrong.message}") from None
    except RecursionError:
        raise TemplateRefused("it is nested too deeply") from None
    except (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as wrong:
        about = f"{type(wrong).__name__}{_named(wrong, template)}"
        raise TemplateRefused(f"line {_line(wrong)}: it cannot be filled ({about})") from None


def _named(wrong: Exception, template: str) -> str:
    """The name that an error is about, where it stands in the template: else it may be what a document says."""
    found = _NAME_SAID.search(str(wrong))
    return f" of '{found[1]}'" if found and found[1] in template else ""


def _line(wrong: Exception) -> int:
    """The last line of the template that was being filled."""
    ours = [one.lineno for one in traceback.extract_tb(wrong.__traceback__) if one.filename == "<template>"]
    return (ours or [1])[-1] or 1
