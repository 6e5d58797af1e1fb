"""A disk of PostgreSQL's own that can be full: a file system in memory, where whoever runs this may make one."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BYTES = 4 * 1024**3
LEFT_BYTES = 64 * 1024


class Disk:
    """A file system at a folder, as large as it is told to be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fill(self) -> None:
        """Leave next to nothing."""
        _mount(self._folder, f"remount,size={shutil.disk_usage(self._folder).used + LEFT_BYTES}")

    def empty(self) -> None:
        """Give the room back. Raises CalledProcessError."""
        _mount(self._folder, f"remount,size={BYTES}").check_returncode()


@contextmanager
def disk_at(folder: Path) -> Iterator[Disk | None]:
    """A disk of its own at a folder that is not there yet; None where only root may do that, and this is not root."""
    folder.mkdir(parents=True)
    if _mount(folder, f"size={BYTES},mode=711").returncode:
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["/usr/bin/umount", "--lazy", folder], check=True)  # noqa: S603 - our own words


def _mount(folder: Path, how: str) -> subprocess.CompletedProcess[bytes]:
    words = ["/usr/bin/mount", "-t", "tmpfs", "-o", how, "faults", str(folder)]
    return subprocess.run(words, check=False, capture_output=True)  # noqa: S603 - our own words
