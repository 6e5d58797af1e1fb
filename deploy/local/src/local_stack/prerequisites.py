"""What the machine must have before the stack can run, each missing thing said in a sentence."""

from __future__ import annotations

import ctypes
import shutil
import sys
from pathlib import Path

from local_stack.layout import SERVICES
from local_stack.places import ROOT, command
from local_stack.trouble import CannotRun

DISK_BYTES_MIN = 1_000_000_000
_LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""What receipts are rendered with, by the Debian package that brings it."""
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")


def check_prerequisites(home: Path) -> None:
    """Raises CannotRun with everything that is missing, one sentence a line."""
    missing = [*_programs(), *_libraries(), *_fonts(), *_disk(home)]
    if missing:
        raise CannotRun("\n".join(missing))


def _programs() -> list[str]:
    absent = [name for name in SERVICES if not Path(command(name)).exists()]
    return [f"The commands {', '.join(absent)} are not installed here: run `make setup`."] if absent else []


def _libraries() -> list[str]:
    if not sys.platform.startswith("linux"):
        return []
    absent = [package for library, package in _LIBRARIES.items() if not _loads(library)]
    if not absent:
        return []
    return [f"Receipts cannot be rendered without {', '.join(absent)}: run `make setup`, or install by your own means."]


def _fonts() -> list[str]:
    packaged = (ROOT / "services" / "receipts").rglob("*.[ot]tf")
    installed = (file for folder in _FONT_FOLDERS for file in Path(folder).expanduser().rglob("*.[ot]tf"))
    if any(True for _ in packaged) or any(True for _ in installed):
        return []
    return ["No font is installed, so that a receipt would be blank: run `make setup`, or install fonts-noto-core."]


def _disk(home: Path) -> list[str]:
    existing = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free >= DISK_BYTES_MIN:
        return []
    return [f"Only {free // 1_000_000} MB are free where the stack keeps its data ({home}); it needs a gigabyte."]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
