"""Which files a person edits for one more member of an invoice line, from the request to the printed invoice.

Followed is a member that exists: whoever adds the next one edits the same files. `surface` comes in by HTTP, is stored,
announced, heard and printed, as `tooth` is, and its word is not used for anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from files import PACKAGES, ROOT, SERVICES

MEMBER = "surface"
OF_OTHERS = re.compile(r"procedure|treatment_plan|reports|clinical|golden/clinic")
"""Files that know the word as a member of a completed procedure or of a treatment plan's item, not of an invoice's
line: clinical events, and what becomes of them before they are billed."""
_WRITTEN = (".py", ".toml", ".html", ".sql")


def edited_files(member: str = MEMBER) -> list[str]:
    """The files that name a line's member, below the project's root; generated files and tests are not among them."""
    word = re.compile(rf"\b{member}\b")
    found = [path.relative_to(ROOT).as_posix() for path in _written() if word.search(path.read_text(encoding="utf-8"))]
    return sorted(path for path in found if not OF_OTHERS.search(path))


def rooms_of(paths: list[str]) -> list[str]:
    """The rooms that these files lie in: `invoicing/http`, `contracts/golden`."""
    return sorted({_room(path) for path in paths})


def _written() -> Iterator[Path]:
    folders = [PACKAGES[name] for name in (*SERVICES, "chassis", "contracts")]
    folders += [ROOT / "services" / service / "migrations" for service in SERVICES]
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.suffix in _WRITTEN)


def _room(path: str) -> str:
    parts = Path(path).parent.parts
    inside = parts[parts.index("src") + 1 :] if "src" in parts else parts[1:]
    return "/".join(inside[:2])
