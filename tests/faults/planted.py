"""A patient's planted name, and the places where it does not belong (`ALL-6`)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from contracts.event import EVENTS
from contracts.personal import public

NAME = "Zzyzxplanted"
"""Nobody is called that, and nothing else."""


def in_files(folder: Path, names: Iterable[str] = (NAME,)) -> list[str]:
    """The files of a folder that a name stands in."""
    wanted = [name.lower().encode() for name in names]
    return [
        f"a patient's name stands in {file.name}"
        for file in sorted(folder.glob("*.log"))
        if any(name in file.read_bytes().lower() for name in wanted)
    ]


def in_record(topic: str, event_type: str, key: bytes, headers: Iterable[tuple[str, bytes]], value: bytes) -> list[str]:
    """Where it stands in a record of a topic: in its key, a header, or a member that is said to be about nobody."""
    name = NAME.lower()
    outside = [("its key", key), *((f"its header {header}", said) for header, said in headers)]
    found = [place for place, said in outside if name in said.decode(errors="replace").lower()]
    if value and name in str(public(EVENTS[event_type].model_validate_json(value))).lower():
        found.append("a member that is about nobody")
    return [f"a patient's name stands in {place} of a {event_type} in {topic}" for place in found]
