"""A file as text, however it was written down: with a byte order mark or without, UTF-8, else Windows' Latin."""

from __future__ import annotations

import codecs
import io
from pathlib import Path
from typing import BinaryIO, TextIO

CHUNK = 64 * 1024
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_text(path: Path) -> TextIO:
    """Open a file to be read a piece at a time; line ends stay as they are. Raises OSError.

    X12's own characters are ASCII. Names may hold more: what is no UTF-8 is read as Windows-1252, for Latin-1 too.
    """
    file = path.open("rb")
    try:
        encoding = _encoding_of(file)
        return io.TextIOWrapper(file, encoding=encoding, errors="replace", newline="")
    except BaseException:
        file.close()
        raise


def _encoding_of(file: BinaryIO) -> str:
    """Look through the file, and leave it where its text begins."""
    start = len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 else 0
    file.seek(0)
    if file.read(2) in UTF_16:
        file.seek(0)
        return "utf-16"
    file.seek(start)
    encoding = "utf-8" if _is_utf_8(file) else "cp1252"
    file.seek(start)
    return encoding


def _is_utf_8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
