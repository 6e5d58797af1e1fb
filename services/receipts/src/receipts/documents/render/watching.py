"""Whether a process that gives no answer does anything: one that waits for a processor is let go on, however long."""

from __future__ import annotations

from pathlib import Path

ASLEEP = "S"
LOOKS_ASLEEP = 12
"""So many looks in a row must find a process asleep before it counts as hanging."""


class Watch:
    """Looks at a process again and again. Rendering computes, and sleeps for nothing but its next job."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ticks = -1
        self._asleep = 0

    def hangs(self) -> bool:
        """Look once more: whether it was asleep at each of the last looks, and used no processor time between them.

        One that is stopped, runs, waits for a processor or for a disk does not hang, and neither does one that is gone.
        """
        state, ticks = _state_of(self._pid)
        idle = state == ASLEEP and ticks == self._ticks
        self._asleep = self._asleep + 1 if idle else 0
        self._ticks = ticks
        return self._asleep >= LOOKS_ASLEEP


def _state_of(pid: int) -> tuple[str, int]:
    """The kernel's letter for a process's state, and the ticks of processor time it has used (proc(5))."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "", -1
    return fields[0], int(fields[11]) + int(fields[12])
