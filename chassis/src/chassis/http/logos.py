"""A clinic's logo, drawn when it is saved: whoever prints it later need not trust what was given (`RCP-8`)."""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections import OrderedDict
from hashlib import sha256
from typing import Final
from uuid import UUID

from chassis.drawing import DrawingBusy, Frame, NotDrawn, drawn
from chassis.http.admission import stepping_out
from chassis.http.problems import UNAVAILABLE, Invalid, ProblemError
from chassis.sentence import Sentence

FRAME: Final = Frame(width=1134, height=378, largest_bytes=65_536)
"""48 by 16 mm at 600 dots an inch; small enough for an event that every service reads."""
_MOST_KEPT: Final = 32
_kept: Final[OrderedDict[bytes, str]] = OrderedDict()
"""The last ones that were drawn, by the hash of what was given: settings are saved more often than logos change."""


async def drawn_once(logo: str | None, svg: str | None, clinic_id: UUID, within: str = "") -> str | None:
    """The logo as it is printed, a PNG or JPEG in base64; None where none is given.

    Raises Invalid, naming the field (of what it stands `within`: `letterhead.`), for one that cannot be printed as it
    is meant; ProblemError (503) while others of the clinic are being drawn.
    """
    if logo is not None and svg is not None:
        raise Invalid(f"{within}logo", "is given twice: as `logo` and as `logo_svg`")
    field = f"{within}{'logo' if logo is not None else 'logo_svg'}"
    picture = _decoded(field, logo) if logo is not None else svg.encode() if svg else None
    if picture is None:
        return None
    key = sha256(picture).digest()
    if key not in _kept:
        _keep(key, await _drawn(field, picture, clinic_id))
    _kept.move_to_end(key)
    return _kept[key]


def _keep(key: bytes, drawn_logo: str) -> None:
    _kept[key] = drawn_logo
    if len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)


def _decoded(field: str, logo: str) -> bytes:
    try:
        return b64decode(logo, validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(field, "is not base64") from None


async def _drawn(field: str, picture: bytes, clinic_id: UUID) -> str:
    try:
        async with stepping_out():
            return b64encode(await drawn(picture, FRAME, clinic_id)).decode()
    except NotDrawn as why:
        raise Invalid(field, Sentence.of(why)) from None
    except DrawingBusy:
        raise ProblemError(UNAVAILABLE, "Other logos of the clinic are being drawn; try again in a moment") from None
