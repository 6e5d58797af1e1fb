"""An X12 file as a stream of segments, its envelope checked on the way: whole, counted, each control number once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TextIO, cast

from contracts.event import FIRST_DAY, LAST_DAY
from pyx12.errors import X12Error
from pyx12.x12file import X12Reader

from remittances.interchanges import LONGEST_SEGMENT, Interchange, interchanges
from remittances.problems import Malformed

AMOUNT = re.compile(r"-?0*(?:[0-9]{1,15}(?:\.[0-9]{0,4})?|\.[0-9]{1,4})")
"""X12's type R: digits, at most one decimal point, a minus in front; no plus, no grouping, no exponent.

At most 18 digits, and no more than 15 before the point and 4 behind it, which is more than any currency has.
"""
MOST_DIGITS = 18
DAY = re.compile(r"[0-9]{8}")
COUNT = re.compile(r"[0-9]{1,10}")
COUNTED = ("SE", "GE", "IEA")
"""Trailers, whose first element counts what they close."""
YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)


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
        return [part.strip(" ") for part in self[place].split(self.component_separator)]

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
        if not text:
            raise self.malformed(place, "is missing: an amount")
        if not AMOUNT.fullmatch(text) or len(text.strip("-").replace(".", "")) > MOST_DIGITS:
            raise self.malformed(place, f"{text!r} is no amount")
        return Decimal(text)

    def day(self, place: int) -> datetime:
        """An element that is a day (CCYYMMDD), at its beginning. Raises Malformed."""
        text = self.required(place)
        try:
            day = datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC) if DAY.fullmatch(text) else None
        except ValueError:
            day = None
        if day is None or day.year not in YEARS:
            raise self.malformed(place, f"{text!r} is no day (CCYYMMDD, {YEARS.start} to {YEARS[-1]})")
        return day

    def malformed(self, place: int, detail: str) -> Malformed:
        """What is wrong with an element."""
        return Malformed(self.name, self.position, f"{self.name}{place:02} {detail}")


def read_segments(file: TextIO) -> Iterator[Segment]:
    """The segments of a file, one at a time. Raises Malformed, naming the segment and its position."""
    position = 0
    for interchange in interchanges(file):
        for segment in _of(interchange, position):
            position = segment.position
            yield segment


def _of(interchange: Interchange, before: int) -> Iterator[Segment]:
    """The segments of one interchange.

    pyx12 reads the separators from ISA, splits the stream and counts: control numbers of trailers, numbers of segments,
    sets and groups.
    """
    position, name = before, "ISA"
    try:
        reader = X12Reader(cast("TextIO", interchange))
        separator = reader.subele_term or ":"
        for read in reader:
            position, name = position + 1, read.get_seg_id() or "?"
            elements = read.format(seg_term="").split(reader.ele_term or "*")[1:]
            segment = Segment(name, position, tuple(element.rstrip(" ") for element in elements), separator)
            if name in COUNTED and not COUNT.fullmatch(segment[1]):
                raise segment.malformed(1, f"{segment[1]!r} is no count")
            _refuse(reader, name, position)
            yield segment
        if interchange.stops_short:
            raise Malformed(name, position, f"the segment after this one is longer than {LONGEST_SEGMENT} characters")
        reader.cleanup()
        _refuse(reader, name, position)
        if reader.raw.buffer.strip():
            raise Malformed(name, position, "the file ends in the middle of the segment after this one")
    except (X12Error, IndexError) as error:
        said = str(error) or "the envelope is not closed in order"
        if before and position == before:
            said = f"what follows the end of the interchange (IEA) is no interchange: {said}"
        raise Malformed(name, max(position, 1), said) from error
    except UnicodeDecodeError as error:
        raise Malformed(name, position + 1, "the file is not text") from error


def _refuse(reader: X12Reader, name: str, position: int) -> None:
    for _, _, detail, *_ in reader.pop_errors():
        if "trailing element terminators" not in detail:  # untidy, and harmless
            raise Malformed(name, position, detail)
