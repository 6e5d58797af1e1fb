"""What a running stack says of itself in a file, so that other commands find it."""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Literal

from local_stack.trouble import CannotRun

Phase = Literal["starting", "healthy", "stopping", "failed"]


@dataclass(frozen=True)
class State:
    """The phase of a stack, its supervisor, its ports and how it runs; `trouble` says why it failed.

    `ended` has a line for each program that ended by itself meanwhile.
    """

    phase: Phase
    pid: int
    ports: dict[str, int] = field(default_factory=dict)
    options: dict[str, int | float | str | None] = field(default_factory=dict)
    trouble: str = ""
    ended: list[str] = field(default_factory=list)

    def write(self, home: Path) -> None:
        """Put it where `read` finds it, whole or not at all."""
        unfinished = home / "state.unfinished"
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.rename(home / "state.json")


def read(home: Path) -> State | None:
    """What the stack in `home` last said; None when it never ran, or was stopped in order."""
    try:
        return State(**json.loads((home / "state.json").read_text()))
    except FileNotFoundError:
        return None


def running(home: Path) -> State | None:
    """The state of a stack whose supervisor is alive; None else."""
    said = read(home)
    if said is None or not is_locked(home):
        return None
    return said


def forget(home: Path) -> None:
    """Nothing runs any more."""
    (home / "state.json").unlink(missing_ok=True)


def remembered_ports(home: Path) -> dict[str, int]:
    """The ports of last time, so that addresses stay the same from one start to the next."""
    try:
        return dict(json.loads((home / "ports.json").read_text()))
    except FileNotFoundError:
        return {}


def remember_ports(home: Path, ports: dict[str, int]) -> None:
    """Keep the ports for the next start."""
    (home / "ports.json").write_text(json.dumps(ports))


def lock(home: Path) -> TextIOWrapper:
    """The right to run the stack of `home`, held until the file is closed or the process ends.

    Raises CannotRun when another process has it.
    """
    home.parent.mkdir(parents=True, exist_ok=True)
    held = _lock_file(home).open("a+")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise CannotRun(f"A stack runs in {home} already; `make down` stops it.") from None
    os.set_inheritable(held.fileno(), False)
    return held


def _lock_file(home: Path) -> Path:
    # Beside the folder, so that the folder can be thrown away while the lock is held.
    return home.with_name(f"{home.name}.lock")


def is_locked(home: Path) -> bool:
    """Whether some process runs the stack of `home`."""
    try:
        lock(home).close()
    except CannotRun:
        return True
    return False
