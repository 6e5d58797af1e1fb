"""What of a document somebody sees who reads it: a template may write something and hide it (`RCP-6`)."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from weasyprint.draw.color import get_color
from weasyprint.formatting_structure import boxes

from receipts.documents.render.painted import Painted

_Point = tuple[float, float]
_NO_LETTER = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f]")
"""What nobody reads: where a line may break, and directions."""
_GOES_ON_BEFORE = re.compile(r"(?:[0-9A-Za-z][.,'\u2019/]?|[-\u2212\u2013])\Z")
_GOES_ON_AFTER = re.compile(r"[0-9A-Za-z]|[-\u2212\u2013.,'\u2019/][0-9A-Za-z]")
"""What is part of the same number or amount."""
_DIGITS_BEFORE = re.compile(r"[0-9][^\S\n]+\Z")
_DIGITS_AFTER = re.compile(r"[^\S\n]+[0-9]")
"""Some languages write thousands apart."""
NOT_SAID = "it leaves out what every document says, or hides it: its number or its amount"
_SMALLEST = 4.0
"""In CSS pixels: what is smaller nobody reads."""
_FAINTEST = 0.1
"""Of 1, which covers what is below."""
_CUT_OFF = 1.0
"""In CSS pixels: by so much a text may reach beyond the page, or what cuts it off."""
_NARROWEST = 0.15
"""How wide a letter is at least, of its size, on the average of a text."""
_NEAR = 0.75
"""How far at most a text goes on from another one, of its size: a word is as far from the next one."""
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
    """A text, where it begins and ends on the middle of its line, and its size, in CSS pixels."""

    said: str
    ends: tuple[_Point, _Point]
    size: float
    box: Any

    def is_beside(self, other: _Text) -> bool:
        """Whether one of the two goes on where the other ends, in whichever direction."""
        near = _NEAR * max(self.size, other.size)
        return any(math.dist(one, its) < near for one in self.ends for its in other.ends)


class _Page:
    """What is seen of a page, in its order: a line feed where a text does not go on beside the one before."""

    def __init__(self, page: Any) -> None:
        box = page._page_box  # noqa: SLF001  what is laid out has no other name
        self._painted = Painted(box)
        self._texts = [text for text in _texts(box, _Ground(_PAPER, 1.0)) if _is_on(page, text)]
        said, self._begins = "", list[int]()
        for place, text in enumerate(self._texts):
            goes_on = place > 0 and text.is_beside(self._texts[place - 1])
            self._begins.append(len(said))
            said += _NO_LETTER.sub("", text.said if goes_on else f"\n{text.said}")
        self._said = said

    def shows(self, wanted: str) -> bool:
        """Whether a text stands somewhere by itself, with nothing over it; a line may break within it."""
        return any(
            _stands_alone(self._said[: found.start()], found[0], self._said[found.end() :])
            and all(self._is_clear(place) for place in self._places(found.start(), found.end()))
            for found in re.finditer(r"\s*".join(map(re.escape, wanted)), self._said)
        )

    def _places(self, begin: int, end: int) -> range:
        return range(bisect_right(self._begins, begin) - 1, bisect_left(self._begins, end))

    def _is_clear(self, place: int) -> bool:
        """Whether nothing is painted over a text, nor beside it from elsewhere, as if it were a part of it."""
        text = self._texts[place]
        elsewhere = (*self._texts[: max(0, place - 1)], *self._texts[place + 2 :])
        is_apart = not any(text.is_beside(other) for other in elsewhere if other.said.strip())
        return is_apart and self._painted.is_free(text.box)


def missing(wanted: Iterable[str], pages: Iterable[Any]) -> bool:
    """Whether any of these texts is seen on none of the laid out pages, by itself: `10.00` is not seen in `110.00`."""
    seen = [_Page(page) for page in pages]
    return not all(any(page.shows(_letters(text)) for page in seen) for text in wanted)


def _is_on(page: Any, text: _Text) -> bool:
    """Whether all of it is on the page, as large as it can be read, its letters beside each other."""
    within = all(-_CUT_OFF <= x <= page.width + _CUT_OFF and 0 <= y < page.height for x, y in text.ends)
    is_wide = text.box.width >= _NARROWEST * text.box.style["font_size"] * len(text.said)
    return within and text.size >= _SMALLEST and is_wide


def _stands_alone(before: str, token: str, after: str) -> bool:
    """Whether neither what is before nor what is after makes another number or amount of it."""
    if _GOES_ON_BEFORE.search(before) or _GOES_ON_AFTER.match(after):
        return False
    begins = token[0].isdigit() and _DIGITS_BEFORE.search(before)
    ends = token[-1].isdigit() and _DIGITS_AFTER.match(after)
    return not begins and not ends


def _letters(text: str) -> str:
    return "".join(_NO_LETTER.sub("", text).split())


def _texts(box: Any, around: _Ground) -> Iterator[_Text]:
    """The texts of a box, in their order, without those that are clear, hidden or cut off; where they are around it."""
    if (box.is_absolutely_positioned() and box.style["clip"]) or box.style["mask_border_source"][0] != "none":
        return
    below = _ground(box.style, around)
    if getattr(box, "text", None) and _is_drawn(box.style, below):
        middle = box.position_y + box.height / 2
        ends = (box.position_x, middle), (box.position_x + box.width, middle)
        yield _Text(box.text, ends, box.style["font_size"], box)
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
    right, bottom = left + box.padding_width(), top + box.padding_height()
    return all(left - _CUT_OFF <= x <= right + _CUT_OFF and top <= y < bottom for x, y in text.ends)


def _moved(box: Any, text: _Text) -> _Text:
    """A text where the box's `transform` has it."""
    matrix = box.transformation_matrix
    if not matrix:
        return text
    first, last = (tuple(matrix.transform_point(x, y)) for x, y in text.ends)
    return _Text(text.said, (first, last), text.size * math.sqrt(abs(matrix.determinant)), text.box)
