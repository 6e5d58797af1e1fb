"""The system's templates, read fast: they are well-formed XML, and use few of HTML's elements."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

from weasyprint import CSS, HTML

from receipts.documents.render.assets import SCHEME, Assets

BASE = SCHEME
"""What addresses in a document are relative to: there is no place that it came from."""


class WellFormed(HTML):  # type: ignore[misc]
    """The document that WeasyPrint makes of the same HTML, as far as the system's templates go.

    Its own parser goes by HTML's rules, in Python, and its own style sheet gives each element the styles of six things
    that no template has (markers of lists, notes).
    """

    wrapper_element: Any
    """The root of the document, as selectors see it."""

    def __init__(self, html: str, fetcher: Assets) -> None:
        """Raises ParseError of HTML that is no XML."""
        super().__init__(string="<html>", base_url=BASE, url_fetcher=fetcher)
        root = ET.fromstring(html)  # noqa: S314  the system's own template, whose values are escaped
        wrapper: Any = type(self.wrapper_element)
        self.wrapper_element = wrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[Any]:  # as WeasyPrint calls it
        """What the elements of the templates are before any style of ours (`html.css`)."""
        return [] if forms else [_elements()]


@cache
def _elements() -> Any:
    return CSS(string=(files("receipts.documents") / "templates" / "html.css").read_text(encoding="utf-8"))
