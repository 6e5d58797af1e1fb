"""A clinic's logo, made harmless: only shapes and colors of an SVG survive; else the clinic's initials stand in."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

_SVG = "http://www.w3.org/2000/svg"
_ELEMENTS = frozenset(
    "svg g path rect circle ellipse line polyline polygon defs linearGradient radialGradient stop clipPath".split()
)
_ATTRIBUTES = frozenset(
    "viewBox width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points transform fill fill-opacity fill-rule stroke "
    "stroke-width stroke-linecap stroke-linejoin stroke-opacity stroke-dasharray stroke-miterlimit opacity id offset "
    "stop-color stop-opacity gradientUnits gradientTransform spreadMethod clip-path clip-rule clipPathUnits "
    "preserveAspectRatio".split()
)
_OWN_REFERENCE = re.compile(r"url\(\s*['\"]?#[\w-]+['\"]?\s*\)")
LARGEST_LOGO_BYTES = 65_536
_MOST_ELEMENTS = 2_000


def harmless_logo(svg: str | None) -> bytes | None:
    """The drawing without scripts, styles, text, images or references to the outside; None if it is not usable."""
    if not svg or len(svg.encode()) > LARGEST_LOGO_BYTES or "<!DOCTYPE" in svg.upper() or "<!ENTITY" in svg.upper():
        return None
    try:
        root = ET.fromstring(svg)  # noqa: S314  no DOCTYPE gets here, so no entity can be declared
    except ET.ParseError:
        return None
    if root.tag != f"{{{_SVG}}}svg" or sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        return None
    _clean(root)
    ET.register_namespace("", _SVG)
    return ET.tostring(root)


def _clean(element: ET.Element) -> None:
    for name, value in list(element.attrib.items()):
        reference = "url(" in value.lower() and not _OWN_REFERENCE.fullmatch(value.strip())
        if name not in _ATTRIBUTES or reference:
            del element.attrib[name]
    for child in list(element):
        if not isinstance(child.tag, str) or child.tag.removeprefix(f"{{{_SVG}}}") not in _ELEMENTS:
            element.remove(child)
        else:
            _clean(child)


def initials(name: str) -> str:
    """The first letters of the first two words of a name."""
    letters = [word[0] for word in re.findall(r"\w+", name)]
    return "".join(letters[:2]).upper() or "+"
