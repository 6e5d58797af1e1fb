"""A PDF's objects as bytes that are made once: pydyf makes them for the file, and again for its identifier."""

from __future__ import annotations

from typing import Any

import pydyf


class Written(pydyf.Object):  # type: ignore[misc]
    """An object of a PDF in which nothing changes any more."""

    def __init__(self, made: Any) -> None:
        super().__init__()
        self.number, self.generation = made.number, made.generation
        self._data: bytes = made.data
        self._compressible: bool = made.compressible

    @property
    def data(self) -> bytes:
        """As it stands in the file."""
        return self._data

    @property
    def compressible(self) -> bool:
        """Whether it is written among others, compressed together."""
        return self._compressible


def write_once(pdf: Any) -> None:
    """Make the bytes of every object of a PDF that is about to be written; the last step of a WeasyPrint finisher."""
    pdf.objects = [one if one.free == "f" else Written(one) for one in pdf.objects]
