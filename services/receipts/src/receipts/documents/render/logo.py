"""A clinic's logo as it is printed: drawn when it was saved, or here, where it was saved before that was done."""

from __future__ import annotations

import re
from base64 import b64decode
from functools import lru_cache
from xml.etree import ElementTree as ET

from chassis.drawing import Frame, NotDrawn, drawn_at_once

from receipts.domain.people import Clinic

FRAME = Frame(width=1134, height=378, largest_bytes=65_536)
"""48 by 16 mm at 600 dots an inch."""
_INSIDE = ("#", "data:image/")
_NOT_SHAPES = ("script", "foreignObject")
_PNG = b"\x89PNG"
_WIDE = 1.5
Logo = tuple[str, bytes]
"""A media type and a file."""


def logo_of(clinic: Clinic) -> Logo | None:
    """The picture; None where there is none that can be drawn, and the initials stand in."""
    if clinic.logo:
        picture = b64decode(clinic.logo)
        return ("image/png" if picture.startswith(_PNG) else "image/jpeg"), picture
    drawn = _drawn(clinic.logo_svg) if clinic.logo_svg else None
    return ("image/png" if drawn.startswith(_PNG) else "image/jpeg", drawn) if drawn else None


def is_wide(logo: Logo) -> bool:
    """Whether it is so much wider than high that it stands above the name, and not beside it."""
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(logo[1])) as image:
        return image.width > _WIDE * image.height


@lru_cache(maxsize=32)
def _drawn(svg: str) -> bytes | None:
    """A logo that nobody looked at when it was saved, without what it has of the outside; once in a process."""
    own = _without_the_outside(svg)
    try:
        return drawn_at_once(own, FRAME, patience_seconds=None) if own else None
    except NotDrawn:
        return None


def _without_the_outside(svg: str) -> bytes | None:
    if "<!DOCTYPE" in svg.upper() or "<!ENTITY" in svg.upper():
        return None
    try:
        root = ET.fromstring(svg)  # noqa: S314  no DOCTYPE gets here, so no entity can be declared
        for parent in list(root.iter()):
            for child in list(parent):
                if _is_foreign(child):
                    parent.remove(child)
        return ET.tostring(root)
    except (ET.ParseError, RecursionError):
        return None


def _is_foreign(element: ET.Element) -> bool:
    refers = [value for name, value in element.attrib.items() if name.rpartition("}")[2] == "href"]
    return str(element.tag).rpartition("}")[2] in _NOT_SHAPES or any(not refer.startswith(_INSIDE) for refer in refers)


def initials(name: str) -> str:
    """The first letters of the first two words of a name."""
    letters = [word[0] for word in re.findall(r"\w+", name)]
    return "".join(letters[:2]).upper() or "+"
