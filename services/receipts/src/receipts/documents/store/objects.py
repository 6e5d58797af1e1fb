"""What a place for objects can do, whatever it is: a folder, a bucket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol


class ObjectsUnreachable(Exception):
    """The place does not answer, has no room, or answers with a fault; the text names no object and no secret."""


class ObjectsRefused(ObjectsUnreachable):
    """The place is not there, or lets nobody in: no waiting mends it."""


class ObjectsUnmarked(ObjectsUnreachable):
    """Nothing there says that it is our place: it is new, or another one, as an empty mount point is."""


class Objects(Protocol):
    """Bytes by path. Each method raises ObjectsUnreachable."""

    @property
    def moves(self) -> bool:
        """Whether another place may lie at its address all of a sudden, as where a volume is not mounted any more."""
        ...

    async def add(self, path: str, data: bytes) -> bool:
        """Keep bytes, all of them or none; False where something is there, which stays as it is."""
        ...

    async def read(self, path: str) -> bytes | None:
        """The bytes that lie there; None where nothing does."""
        ...

    async def remove(self, paths: Sequence[str]) -> None:
        """Remove what lies there, where something does."""
        ...

    def listed(self, folder: str) -> AsyncIterator[list[str]]:
        """The paths of all objects in a folder and below, some at a time."""
        ...

    async def tidy(self) -> None:
        """Remove what writes that were cut off have left behind, some of it at a time."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...
