"""The interchanges of a file, each as the plain X12 text that the parser takes: without what transport put around it.

Clearinghouses wrap lines, end them in CR, LF or both, pad them with blanks, put line feeds before and Ctrl-Z behind,
and write several interchanges into one file, each with separators of its own. Nothing of that is part of the data.
Neither is what nobody sees within it: a reference of a no-break space is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

CHUNK = 8 * 1024
ISA_LENGTH = 106
LONGEST_SEGMENT = 8 * 1024
"""As much as the parser looks at together; the longest segment of an 835 has a few hundred characters."""
LINE_ENDS = "\r\n"
BLANK = " \t\r\n\v\f\x00\x1a\ufeff"
"""What stands around segments and says nothing: blanks, line ends, Ctrl-Z, byte order marks."""
CONTROLS = "".join(map(chr, [*range(0x20), 0x7F]))
SPACES = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
"""Other blanks than X12's own, as programs for texts write them."""
UNSEEN = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Characters that nobody sees, from and to: a soft hyphen, a zero-width space, marks of direction (`ALL-2`)."""
CLEANED = {
    **{chr(one): "" for first, last in UNSEEN for one in range(first, last + 1)},
    **dict.fromkeys(CONTROLS + SPACES, " "),
    **dict.fromkeys(LINE_ENDS, ""),
}
"""What each of them is read as, where it separates nothing."""


class Interchange:
    """One interchange, to be read like a file: ISA as it is, then the segments up to its IEA."""

    closed = False

    def __init__(self, source: _Source) -> None:
        self.stops_short = False
        """Whether a segment had no end where one has to be; nothing is read beyond it."""
        self._parts = self._written(source)
        self._rest = ""

    def read(self, size: int) -> str:
        """The next characters; none at the end of the interchange."""
        while len(self._rest) < size and (part := next(self._parts, "")):
            self._rest += part
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _written(self, source: _Source) -> Iterator[str]:
        header = source.header()
        yield header
        if len(header) < ISA_LENGTH:
            return  # no X12, which the parser says
        element, terminator = header[3], header[-1]
        separators = (element, header[-2], header[82], terminator)
        cleaned = {ord(one): said for one, said in CLEANED.items() if one not in separators}
        cleaned |= {ord(one): "" for one in LINE_ENDS if one not in (element, terminator)}
        while True:
            text, ended = source.segment(terminator)
            if len(text) > LONGEST_SEGMENT:
                self.stops_short = True
                return
            segment = text.translate(cleaned).strip()
            if segment:
                # The last line of a file often has no end; it is whole, as trailers are counted.
                yield segment + (terminator if ended or terminator in LINE_ENDS else "")
            if not ended or segment.partition(element)[0] == "IEA":
                source.passed_over = BLANK + terminator
                return


def interchanges(file: TextIO) -> Iterator[Interchange]:
    """The interchanges of a file, one after the other; each has to be read before the next is asked for."""
    source = _Source(file)
    yield Interchange(source)
    while source.has_more():
        yield Interchange(source)


class _Source:
    """The characters of a file, a piece at a time."""

    def __init__(self, file: TextIO) -> None:
        self._file, self._buffer = file, ""
        self.passed_over = BLANK
        """What says nothing between interchanges; empty segments neither."""

    def has_more(self) -> bool:
        """Whether anything follows but blanks, which are passed over."""
        while not (rest := self._buffer.lstrip(self.passed_over)):
            if not self._fill():
                return False
        self._buffer = rest
        return True

    def header(self) -> str:
        """ISA, whose length is fixed: its last character ends every segment. It too may be wrapped, or padded."""
        self.has_more()
        taken = 0
        header = ""
        while len(header) < ISA_LENGTH and (taken < len(self._buffer) or self._fill()):
            one = self._buffer[taken]
            taken += 1
            is_last = len(header) == ISA_LENGTH - 1
            if (one not in LINE_ENDS or is_last) and not (one == " " and is_last):
                header += one
        self._buffer = self._buffer[taken:]
        return header

    def segment(self, terminator: str) -> tuple[str, bool]:
        """The characters up to the next terminator, and whether there was one; no more than can be a segment."""
        while terminator not in self._buffer:
            if len(self._buffer.strip(BLANK)) > LONGEST_SEGMENT or not self._fill():
                rest, self._buffer = self._buffer.strip(BLANK), ""
                return rest, False
        text, _, self._buffer = self._buffer.partition(terminator)
        return text.strip(BLANK), True

    def _fill(self) -> bool:
        more = self._file.read(CHUNK)
        self._buffer += more
        return bool(more)
