"""A folder as the place of objects: written whole or not at all, never over something, and nothing outside of it."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from receipts.documents.store.objects import ObjectsRefused, ObjectsUnreachable
from receipts.documents.store.threads import AllHang, Threads

T = TypeVar("T")

_BEGUN = ".begun"
"""Where files are written before they have their name."""
_BEGUN_SECONDS_MAX = 86_400.0
_TIDIED_MAX = 1_000
_THREADS = 8
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


class Folder:
    """Files below a folder that only its owner reads. They are written beside, synced, and then given their name.

    A name is given by a hard link, as only that fails where the name is taken: the file system has to know those.
    """

    moves = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self._threads = Threads(_THREADS)

    async def add(self, path: str, data: bytes) -> bool:
        """Keep bytes, all of them or none; False where something is there, which stays as it is."""
        return await self._threaded(lambda: self._add(self._root / path, data))

    async def read(self, path: str) -> bytes | None:
        """The bytes that lie there; None where nothing does."""
        return await self._threaded(lambda: self._read(path))

    async def remove(self, paths: Sequence[str]) -> None:
        """Remove what lies there, where something does."""
        await self._threaded(lambda: self._remove(paths))

    async def listed(self, folder: str) -> AsyncIterator[list[str]]:
        """The paths of all files in a folder and below, those of one folder at a time."""
        for inner in await self._threaded(lambda: _names(self._root / folder)):
            names = await self._threaded(lambda inner=inner: _names(self._root / folder / inner))  # type: ignore[misc]
            yield [f"{folder}/{inner}/{name}" for name in names]

    async def tidy(self) -> None:
        """Remove what writes that were cut off have left behind, once it is a day old."""
        await self._threaded(self._tidy)

    async def close(self) -> None:
        """Wait for nothing that still hangs."""

    def _read(self, path: str) -> bytes | None:
        found = _read(self._root / path)
        if found is None:
            self._require_root()
        return found

    def _add(self, place: Path, data: bytes) -> bool:
        self._require_root()
        begun = self._root / _BEGUN / uuid4().hex
        _make_folders(begun.parent, self._root)
        _make_folders(place.parent, self._root)
        try:
            _write(begun, data)
            os.link(begun, place, follow_symlinks=False)
        except FileExistsError:
            return False
        finally:
            begun.unlink(missing_ok=True)
            _sync(place.parent)
        return True

    def _require_root(self) -> None:
        if not self._root.is_dir():
            raise ObjectsRefused(f"there is no folder {self._root}: make it, or mount what has the documents")

    def _remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            (self._root / path).unlink(missing_ok=True)

    def _tidy(self) -> None:
        ended = time.time() - _BEGUN_SECONDS_MAX
        for name in _names(self._root / _BEGUN)[:_TIDIED_MAX]:
            with suppress(FileNotFoundError):
                if (self._root / _BEGUN / name).lstat().st_mtime < ended:
                    (self._root / _BEGUN / name).unlink()

    async def _threaded(self, function: Callable[[], T]) -> T:
        try:
            return await self._threads.run(function)
        except AllHang:
            raise ObjectsUnreachable(f"the folder {self._root} answers nothing that it is asked") from None
        except PermissionError as fault:
            raise ObjectsRefused(f"the folder {self._root} is not ours to use ({_named(fault)})") from None
        except OSError as fault:
            raise ObjectsUnreachable(f"the folder {self._root} cannot be used ({_named(fault)})") from None


def _write(place: Path, data: bytes) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read(place: Path) -> bytes | None:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        return file.read()


def _make_folders(folder: Path, root: Path) -> None:
    """Make the folder and those above it, as far as the root; each is there after a power failure."""
    if folder == root or folder.is_dir():
        return
    _make_folders(folder.parent, root)
    folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    _sync(folder.parent)


def _sync(folder: Path) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names alone are wanted
    except FileNotFoundError:
        return []


def _named(fault: OSError) -> str:
    return fault.strerror or type(fault).__name__
