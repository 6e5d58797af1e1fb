"""What is kept until all of it is here, of requests and answers: little in memory, more in files, never too much.

Pages' forms are kept by whoever reads them, in memory; their share is counted in the same way.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

IN_MEMORY_BYTES = 16_384
"""So much of each is kept whatever else is, with up to a thousand clients; what is longer lies in a file."""
_PART_BYTES = 65_536


class Full(Exception):
    """All together would be more than there is room for."""


class TooLong(Exception):
    """It is longer than one may be."""


class Room:
    """How many bytes all that are longer than `IN_MEMORY_BYTES` may have together."""

    def __init__(self, size: int) -> None:
        self.left = size


class Share:
    """What one of them takes of the room, until it is closed."""

    def __init__(self, room: Room) -> None:
        self.size = 0
        self._room, self._taken = room, 0

    def grow(self, more: int, size_max: int) -> None:
        """So much more of it is here. Raises TooLong or Full."""
        self.size += more
        if self.size > size_max:
            raise TooLong
        if self.size > IN_MEMORY_BYTES:
            self._take(self.size - self._taken)

    def close(self) -> None:
        """Take nothing more."""
        self._room.left += self._taken
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self, size: int) -> None:
        if size > self._room.left:
            raise Full
        self._room.left -= size
        self._taken += size


class Kept(Share):
    """One of them with all that is in it, until it is closed."""

    def __init__(self, room: Room) -> None:
        super().__init__(room)
        self._file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY_BYTES)

    async def fill(self, parts: AsyncIterator[bytes], size_max: int) -> None:
        """Keep all of it. Raises TooLong or Full, as soon as that is known."""
        async for part in parts:
            self.grow(len(part), size_max)
            self._file.write(part)

    async def parts(self) -> AsyncIterator[bytes]:
        """It, from its beginning."""
        self._file.seek(0)
        while part := self._file.read(_PART_BYTES):
            yield part

    def close(self) -> None:
        """Keep it no more."""
        self._file.close()
        super().close()
