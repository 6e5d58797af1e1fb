"""In which order WeasyPrint paints what is laid out, and what is laid over a text (CSS 2, appendix E)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from weasyprint.formatting_structure import boxes
from weasyprint.matrix import Matrix
from weasyprint.stacking import StackingContext

_BLOCKS = (
    boxes.BlockBox,
    boxes.MarginBox,
    boxes.InlineBlockBox,
    boxes.TableCellBox,
    boxes.FlexContainerBox,
    boxes.GridContainerBox,
)
_Corners = tuple[float, float, float, float]
_SIDES = ("top", "right", "bottom", "left")
_TOUCHES = 1.0
"""By how many CSS pixels what is beside a text may reach into it: parts of its line do."""
_LETTERS = 0.25
"""How much of a text's height is above and below its letters, of 1, each."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where something is on the page, in CSS pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def reaches_into(self, other: Area) -> bool:
        """Whether something here is over something there."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _TOUCHES and down > _TOUCHES


class _Part(NamedTuple):
    """A box, and the matrix that moves it."""

    box: Any
    matrix: Matrix | None


class Painted:
    """A page, box by box in the order in which they are painted."""

    def __init__(self, page_box: Any) -> None:
        self._boxes = list(_of_context(StackingContext.from_page(page_box), None))
        self._place = {id(box): place for place, (box, _) in enumerate(self._boxes)}

    def is_free(self, text: Any) -> bool:
        """Whether nothing that is painted later is over a text's letters; not of one that is not painted."""
        place = self._place.get(id(text))
        if place is None:
            return False
        letters = _letters(text, self._boxes[place].matrix)
        return not any(area.reaches_into(letters) for when, area in self._areas if when > place)

    @cached_property
    def _areas(self) -> list[tuple[int, Area]]:
        """What is painted, and when: outlines after all else."""
        last = len(self._boxes)
        painted = [(when, area) for when, part in enumerate(self._boxes) for area in _areas(*part)]
        return painted + [(last, area) for part in self._boxes for area in _outlined(*part)]


def _of_context(context: Any, above: Matrix | None) -> Iterator[_Part]:
    box = context.box
    matrix = above
    if box.transformation_matrix:
        matrix = box.transformation_matrix if above is None else box.transformation_matrix @ above
    if isinstance(box, _BLOCKS):
        yield _Part(box, matrix)
    for child in context.negative_z_contexts:
        yield from _of_context(child, matrix)
    for block in context.block_level_boxes:
        yield from (_Part(part, matrix) for part in _with_cells(block))
    for child in context.float_contexts:
        yield from _of_context(child, matrix)
    if isinstance(box, boxes.InlineBox):
        yield from _inline(box, matrix)
    yield from _content({box: context.blocks_and_cells}, matrix)
    for child in (*context.zero_z_contexts, *context.positive_z_contexts):
        yield from _of_context(child, matrix)


def _with_cells(block: Any) -> Iterable[Any]:
    """A table is painted with its rows and cells, before anything that is in them."""
    if not isinstance(block, boxes.TableBox):
        return (block,)
    rows = [row for group in block.children for row in group.children]
    return (block, *block.children, *rows, *(cell for row in rows for cell in row.children))


def _content(blocks: dict[Any, Any], matrix: Matrix | None) -> Iterator[_Part]:
    for block, within in blocks.items():
        if isinstance(block, boxes.ReplacedBox):
            yield _Part(block, matrix)
        elif block.children and isinstance(block.children[-1], boxes.LineBox):
            for line in block.children:
                yield from _inline(line, matrix)
        yield from _content(within, matrix)


def _inline(box: Any, matrix: Matrix | None) -> Iterator[_Part]:
    if isinstance(box, StackingContext):
        yield from _of_context(box, matrix)
        return
    yield _Part(box, matrix)
    for child in getattr(box, "children", ()):
        yield from _inline(child, matrix)


def _areas(box: Any, matrix: Matrix | None) -> Iterator[Area]:
    """What of a box is painted, and where."""
    if box.style["visibility"] != "visible":
        return
    if isinstance(box, boxes.TextBox):
        if box.text.strip():
            yield _letters(box, matrix)
        return
    if isinstance(box, boxes.LineBox):
        return
    border_box = _border_box(box)
    background = box.background
    if isinstance(box, boxes.ReplacedBox) or (background and (background.color.alpha or background.layers)):
        yield _placed(*border_box, matrix)
    else:
        yield from _lines(border_box, [getattr(box, f"border_{side}_width") for side in _SIDES], matrix)


def _lines(around: _Corners, widths: Sequence[float], matrix: Matrix | None) -> Iterator[Area]:
    """The four lines along the inside of a rectangle."""
    left, top, right, bottom = around
    above, beyond, below, before = widths
    lines = (
        (left, top, right, top + above),
        (right - beyond, top, right, bottom),
        (left, bottom - below, right, bottom),
        (left, top, left + before, bottom),
    )
    yield from (_placed(*line, matrix) for line, width in zip(lines, widths, strict=True) if width)


def _outlined(box: Any, matrix: Matrix | None) -> Iterator[Area]:
    """An outline is painted after all that is in its box, and may lie anywhere."""
    width, style = box.style["outline_width"], box.style["outline_style"]
    if not width or style == "none" or isinstance(box, boxes.LineBox | boxes.TextBox):
        return
    apart = width + box.style["outline_offset"]
    left, top, right, bottom = _border_box(box)
    yield from _lines((left - apart, top - apart, right + apart, bottom + apart), [width] * 4, matrix)


def _border_box(box: Any) -> _Corners:
    left, top = box.border_box_x(), box.border_box_y()
    return left, top, left + box.border_width(), top + box.border_height()


def _letters(text: Any, matrix: Matrix | None) -> Area:
    spare = text.height * _LETTERS
    left, top = text.position_x, text.position_y
    return _placed(left, top + spare, left + text.width, top + text.height - spare, matrix)


def _placed(left: float, top: float, right: float, bottom: float, matrix: Matrix | None) -> Area:
    if matrix is None:
        return Area(left, top, right, bottom)
    corners = [matrix.transform_point(x, y) for x in (left, right) for y in (top, bottom)]
    across, down = [x for x, _ in corners], [y for _, y in corners]
    return Area(min(across), min(down), max(across), max(down))
