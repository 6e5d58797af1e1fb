"""Writes down which characters the fonts of the documents have, for all services (`RCP-10`).

`python -m receipts.documents.characters`, once the fonts of `fonts/fonts.conf` are others than before.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

_WIDTH = 120
_FONTCONFIG = "libfontconfig.so.1"
_PAGE = 256
_END = 0xFFFFFFFF


class _FontSet(ctypes.Structure):
    _fields_ = (("count", ctypes.c_int), ("most", ctypes.c_int), ("fonts", ctypes.POINTER(ctypes.c_void_p)))


def characters_of_fonts() -> set[int]:
    """The code points of the fonts that fontconfig finds for documents, asked as Pango asks it."""
    from receipts.documents.render.fontconfig import use_packaged_fonts

    use_packaged_fonts()
    library = ctypes.CDLL(_FONTCONFIG)
    library.FcConfigGetFonts.restype = ctypes.POINTER(_FontSet)
    found = library.FcConfigGetFonts(None, 0).contents
    return {code for place in range(found.count) for code in _codes(library, found.fonts[place])}


def _codes(library: ctypes.CDLL, font: int) -> Iterator[int]:
    """The code points of one font: fontconfig gives them as maps of bits, a page of 256 at a time."""
    charset, bits, following = ctypes.c_void_p(), (ctypes.c_uint32 * 8)(), ctypes.c_uint32()
    if library.FcPatternGetCharSet(ctypes.c_void_p(font), b"charset", 0, ctypes.byref(charset)):
        return
    library.FcCharSetFirstPage.restype = library.FcCharSetNextPage.restype = ctypes.c_uint32
    page = library.FcCharSetFirstPage(charset, bits, ctypes.byref(following))
    while page != _END:
        yield from (page + bit for bit in range(_PAGE) if bits[bit // 32] >> bit % 32 & 1)
        page = library.FcCharSetNextPage(charset, bits, ctypes.byref(following))


def ranges_of(codes: Iterable[int]) -> list[str]:
    """Code points as ranges in hexadecimal digits, `41-5a`."""
    ranges: list[list[int]] = []
    for code in sorted(codes):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return [f"{first:x}" if first == last else f"{first:x}-{last:x}" for first, last in ranges]


def main() -> None:
    """Write the file."""
    lines, line = [], ""
    for one in ranges_of(characters_of_fonts()):
        if len(line) + len(one) >= _WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {one}".strip()
    path = Path(str(files("chassis"))) / "printed_characters.txt"
    path.write_text("\n".join([*lines, line]) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
