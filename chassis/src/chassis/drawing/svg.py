"""An SVG document, read with suspicion, drawn by resvg: styles, text, gradients and clips as SVG 2 has them.

What was read is written anew before it is drawn, so that what was looked at is what is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

from chassis.drawing.errors import Unusable
from chassis.drawing.frame import Frame
from chassis.sentence import Sentence

_SVG: Final = "http://www.w3.org/2000/svg"
_DEEPEST: Final = 200
_MOST_ELEMENTS: Final = 20_000
_LINKS: Final = frozenset({f"{{{_SVG}}}a", f"{{{_SVG}}}script"})
"""What may name an address: it is not drawn."""
_UNDRAWABLE: Final = frozenset({f"{{{_SVG}}}foreignObject"})
_INSIDE: Final = re.compile(r"\s*(#|data:image/(png|jpeg);base64,)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"url\(\s*['\"]?(?!\s*(?:#|data:image/(?:png|jpeg);base64,))|@import", re.IGNORECASE)
_LENGTH: Final = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|)\s*")
_PIXELS: Final = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def drawn_svg(picture: bytes, frame: Frame) -> bytes:
    """As a PNG that fills the frame. Raises Unusable."""
    import resvg_py

    root = _read(picture)
    _fit(root, frame)
    ET.register_namespace("", _SVG)
    try:
        drawn = resvg_py.svg_to_bytes(
            svg_string=ET.tostring(root, encoding="unicode"),
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            serif_family="DejaVu Serif",
            monospace_family="DejaVu Sans Mono",
        )
    except (ValueError, RuntimeError):
        raise Unusable("is no SVG that can be drawn") from None
    return bytes(drawn)


def _read(picture: bytes) -> ET.Element:
    try:
        root = ET.fromstring(picture)  # noqa: S314  this process may take only so much, whatever entities it declares
    except (ET.ParseError, ValueError, LookupError):
        raise Unusable("is neither PNG nor JPEG nor well-formed SVG") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise Unusable(Sentence("is XML, yet no SVG: its outermost element is not svg of {namespace}", namespace=_SVG))
    for count, (element, depth) in enumerate(_with_depth(root)):
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            form = "has more than {elements} elements, or more than {deep} inside each other"
            raise Unusable(Sentence(form, elements=_MOST_ELEMENTS, deep=_DEEPEST))
        _check(element)
    return root


def _with_depth(root: ET.Element) -> Iterator[tuple[ET.Element, int]]:
    """Every element and how deep it is, without recursion."""
    waiting = [(root, 1)]
    while waiting:
        element, depth = waiting.pop()
        yield element, depth
        waiting.extend((child, depth + 1) for child in element)


def _check(element: ET.Element) -> None:
    """Raises Unusable where it needs something that is not in the document, or cannot be drawn."""
    if element.tag in _UNDRAWABLE:
        raise Unusable("has a foreignObject, which cannot be drawn")
    names = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    outside = element.tag not in _LINKS and "href" in names and not _INSIDE.match(names["href"])
    said = [*names.values(), element.text or ""]
    if outside or any(_ADDRESS.search(one) for one in said):
        raise Unusable("refers to something outside itself")


def _fit(root: ET.Element, frame: Frame) -> None:
    """Give it the size at which it is drawn. Raises Unusable where it has none."""
    box = _view_box(root)
    size = _lengths(root) or (box[2:] if box else None)
    if size is None:
        raise Unusable("has no size: neither a viewBox nor width and height")
    if box is None:
        root.set("viewBox", f"0 0 {size[0]:g} {size[1]:g}")
    scale = frame.scale(*size)
    root.set("width", str(max(1, round(size[0] * scale))))
    root.set("height", str(max(1, round(size[1] * scale))))


def _view_box(root: ET.Element) -> tuple[float, float, float, float] | None:
    given = root.get("viewBox", "").replace(",", " ").split()
    try:
        left, top, width, height = (float(one) for one in given)
    except ValueError:
        return None
    return (left, top, width, height) if 0 < width < _FAR and 0 < height < _FAR else None


_FAR: Final = 1e9


def _lengths(root: ET.Element) -> tuple[float, float] | None:
    found = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    sizes = [float(one[1]) * _PIXELS[one[2]] for one in found if one]
    return (sizes[0], sizes[1]) if len(sizes) == len(found) and all(0 < size < _FAR for size in sizes) else None
