"""Programs that end by themselves are started again: at once first, then after growing delays, and never given up."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from local_stack.trouble import CannotRun

FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 2.0, 60.0
WELL_SECONDS = 120.0
"""Who has run for so long is well again: its next end is a first one."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Program:
    """One program of the stack: whether it has ended by itself, and how it is started."""

    name: str
    ended: Callable[[], bool]
    start: Callable[[], Awaitable[None]]


@dataclass
class _Record:
    ends: int = 0
    delay: float = 0.0
    started: float = 0.0
    due: float | None = None
    """When it is to be started again; None while it runs."""
    trouble: str = ""


@dataclass
class Keeping:
    """Who ended by itself how often, and who is to be started again when."""

    now: Callable[[], float] = time.monotonic
    _records: dict[str, _Record] = field(default_factory=dict)

    async def look(self, programs: Iterable[Program]) -> bool:
        """Start again what has ended and is due; True where there is something new to tell."""
        return any([await self._look_at(program) for program in programs])

    def told(self) -> list[str]:
        """A line for each program that ever ended by itself."""
        lines = []
        for name, record in sorted(self._records.items()):
            times = "once" if record.ends == 1 else f"{record.ends} times"
            if record.due is None:
                lines.append(f"{name} ended by itself {times}, and runs again")
            else:
                seconds = max(0.0, record.due - self.now())
                lines.append(f"{name} ended by itself {times}, and is started again in {seconds:.0f} s{record.trouble}")
        return lines

    async def _look_at(self, program: Program) -> bool:
        if not program.ended():
            return False
        record = self._records.setdefault(program.name, _Record())
        if record.due is None:
            self._note_end(program.name, record)
        if record.due is not None and record.due > self.now():
            return True
        await self._start(program, record)
        return True

    def _note_end(self, name: str, record: _Record) -> None:
        if record.ends == 0 or self.now() - record.started > WELL_SECONDS:
            record.delay = 0.0
        record.ends += 1
        record.due = self.now() + record.delay
        log.warning("%s ended by itself; it is started again in %.0f s", name, record.delay)

    async def _start(self, program: Program, record: _Record) -> None:
        record.delay = min(max(record.delay * 2, FIRST_DELAY_SECONDS), LONGEST_DELAY_SECONDS)
        try:
            await program.start()
        except CannotRun as trouble:
            record.due, record.trouble = self.now() + record.delay, f" ({str(trouble).partition(chr(10))[0]})"
            log.warning("%s", trouble)
        else:
            record.due, record.trouble, record.started = None, "", self.now()
