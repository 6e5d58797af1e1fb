"""What of a document somebody sees who reads it: a template may write something and hide it (`RCP-6`)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
"""What is no letter: lines break where they do, and directions are nobody's to read."""
NOT_SAID = "it leaves out what every document says, or hides it: its number or its amount"
_SMALLEST = 4.0
"""In CSS pixels: what is smaller nobody reads."""
_FAINTEST = 0.1
"""Of 1, which covers what is below."""
_ALIKE = 1 / 16
"""By how much two colors differ at most, in each part of 1, so that one is not seen on the other."""
_PAPER = (1.0, 1.0, 1.0)
_CUTTING = (boxes.BlockContainerBox, boxes.FlexContainerBox, boxes.GridContainerBox)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is below a text: its color in sRGB, None where it has many; and how opaque the text is over it, of 1."""

    color: Sequence[float] | None
    opacity: float


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, its middle and its size, in CSS pixels."""

    said: str
    x: float
    y: float
    size: float


def missing(wanted: Iterable[str], pages: Iterable[Any]) -> bool:
    """Whether any of these texts is on none of the laid out pages. What is laid over a text is not looked for."""
    seen = _letters("".join(text.said for page in pages for text in _seen_on(page)))
    return any(_letters(text) not in seen for text in wanted)


def _seen_on(page: Any) -> Iterator[_Text]:
    box = page._page_box  # noqa: SLF001  what is laid out has no other name
    for text in _texts(box, _Ground(_PAPER, 1.0)):
        if 0 <= text.x < page.width and 0 <= text.y < page.height and text.size >= _SMALLEST:
            yield text


def _texts(box: Any, around: _Ground) -> Iterator[_Text]:
    """The texts of a box, in their order, without those that are clear, hidden or cut off; where they are around it."""
    if box.is_absolutely_positioned() and box.style["clip"]:
        return
    below = _ground(box.style, around)
    if getattr(box, "text", None) and _is_drawn(box.style, below):
        yield _Text(box.text, box.position_x + box.width / 2, box.position_y + box.height / 2, box.style["font_size"])
    for child in getattr(box, "children", ()):
        for text in _texts(child, below):
            if _is_within(box, text):
                yield _moved(box, text)


def _ground(style: Any, around: _Ground) -> _Ground:
    color, opacity = get_color(style, "background_color"), around.opacity * style["opacity"]
    if any(kind != "none" for kind, _ in style["background_image"]) or 0 < color.alpha < 1:
        return _Ground(None, opacity)
    return _Ground(_parts(color) if color.alpha else around.color, opacity)


def _is_drawn(style: Any, below: _Ground) -> bool:
    color = style["color"]
    faint = color.alpha * below.opacity < _FAINTEST
    return style["visibility"] == "visible" and not faint and not _is_alike(_parts(color), below.color)


def _is_alike(color: Sequence[float], below: Sequence[float] | None) -> bool:
    return below is not None and all(abs(part - its) < _ALIKE for part, its in zip(color, below, strict=True))


def _parts(color: Any) -> Sequence[float]:
    """Red, green and blue, of 1."""
    return tuple(color.to("srgb")[:3])


def _is_within(box: Any, text: _Text) -> bool:
    """Whether a text inside of a box is not cut off by it."""
    if box.style["overflow"] == "visible" or not isinstance(box, _CUTTING):
        return True
    left, top = box.padding_box_x(), box.padding_box_y()
    return bool(left <= text.x < left + box.padding_width() and top <= text.y < top + box.padding_height())


def _moved(box: Any, text: _Text) -> _Text:
    """A text where the box's `transform` has it."""
    matrix = box.transformation_matrix
    if not matrix:
        return text
    x, y = matrix.transform_point(text.x, text.y)
    return _Text(text.said, x, y, text.size * math.sqrt(abs(matrix.determinant)))


def _letters(text: str) -> str:
    return _UNSEEN.sub("", text)
