"""An X12 file as a stream of segments, its envelope checked on the way: whole, counted, each control number once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TextIO

from pyx12.errors import X12Error
from pyx12.x12file import X12Reader

from remittances.problems import Malformed

LONGEST_AMOUNT = 18
"""X12's type R has at most 18 digits (AMT02, BPR02)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its name, its place in the file (1 is ISA), and its elements."""

    name: str
    position: int
    elements: tuple[str, ...]
    component_separator: str

    def __getitem__(self, place: int) -> str:
        """An element by its number in the standard (`CLP04` is 4); empty where it is left out."""
        return self.elements[place - 1] if place <= len(self.elements) else ""

    def parts(self, place: int) -> list[str]:
        """A composite element's parts (`SVC01` is `AD`, `D1110`)."""
        return self[place].split(self.component_separator)

    def required(self, place: int) -> str:
        """An element that must be there. Raises Malformed."""
        if not self[place]:
            raise self.malformed(place, "is missing")
        return self[place]

    def amount(self, place: int, *, or_nothing: bool = False) -> Decimal:
        """An element that is an amount of money. Raises Malformed."""
        text = self[place]
        if not text and or_nothing:
            return Decimal(0)
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise self.malformed(place, f"{text!r} is no amount") from None
        if not value.is_finite() or "E" in text.upper() or len(text) > LONGEST_AMOUNT:
            raise self.malformed(place, f"{text!r} is no amount")
        return value

    def malformed(self, place: int, detail: str) -> Malformed:
        """What is wrong with an element."""
        return Malformed(self.name, self.position, f"{self.name}{place:02} {detail}")


def read_segments(file: TextIO) -> Iterator[Segment]:
    """The segments of a file, one at a time. Raises Malformed, naming the segment and its position.

    pyx12 reads the separators from ISA, splits the stream and counts: control numbers of trailers, numbers of segments,
    sets and groups.
    """
    position, name = 0, "ISA"
    try:
        reader = X12Reader(file)
        separator = reader.subele_term or ":"
        for read in reader:
            position, name = position + 1, read.get_seg_id() or "?"
            _refuse(reader, name, position)
            elements = read.format(seg_term="").split(reader.ele_term or "*")[1:]
            yield Segment(name, position, tuple(elements), separator)
        reader.cleanup()
        _refuse(reader, name, position)
        if reader.raw.buffer.strip():
            raise Malformed(name, position, "the file ends in the middle of the segment after this one")
    except (X12Error, IndexError) as error:
        raise Malformed(name, max(position, 1), str(error) or "the envelope is not closed in order") from error
    except UnicodeDecodeError as error:
        raise Malformed(name, position + 1, "the file is not text") from error


def _refuse(reader: X12Reader, name: str, position: int) -> None:
    for _, _, detail, *_ in reader.pop_errors():
        if "trailing element terminators" not in detail:  # untidy, and harmless
            raise Malformed(name, position, detail)
