"""What of a document somebody sees who reads it: a template may write something and hide it (`RCP-6`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
"""What is no letter: lines break where they do, and directions are nobody's to read."""
NOT_SAID = "it leaves out what every document says, or hides it: its number or its amount"
_SMALLEST = 4.0
"""In CSS pixels: what is smaller nobody reads."""


def missing(wanted: Iterable[str], pages: Iterable[Any]) -> bool:
    """Whether any of these texts is on none of the laid out pages."""
    boxes = ((page._page_box, page) for page in pages)  # noqa: SLF001  what is laid out has no other name
    seen = _letters("".join(text for box, page in boxes for text in _texts(box, page)))
    return any(_letters(text) not in seen for text in wanted)


def _texts(box: Any, page: Any) -> Iterator[str]:
    """The texts of a box, in their order, without those that are clear, hidden, too small or beyond the page."""
    if box.style["opacity"] == 0:
        return
    text = getattr(box, "text", None)
    if text and _is_seen(box, page):
        yield text
    for child in getattr(box, "children", ()):
        yield from _texts(child, page)


def _is_seen(box: Any, page: Any) -> bool:
    style = box.style
    inside = -1 < box.position_x < page.width and -1 < box.position_y < page.height
    color = style["color"]
    clear = getattr(color, "alpha", 1) == 0
    return style["visibility"] == "visible" and style["font_size"] >= _SMALLEST and not clear and inside


def _letters(text: str) -> str:
    return _UNSEEN.sub("", text)
