"""How far the player is: moving bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

LINE_EVERY_SECONDS = 5.0


class Steps:
    """Counts what was done of each step. A step is made known by its name and how much there is of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars = Progress(
            TextColumn("{task.description:<22}"),
            BarColumn(bar_width=28),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}
        self._totals: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._said: dict[str, int] = {}
        self._said_at = time.monotonic()

    def __enter__(self) -> Self:
        """Show the bars."""
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the screen as a plain line has it."""
        self._bars.stop()
        self._say()

    def begin(self, step: str, total: int) -> None:
        """A step that is about to start."""
        self._tasks[step] = self._bars.add_task(step, total=total)
        self._totals[step] = total
        self._done[step] = 0

    def advance(self, step: str, count: int = 1) -> None:
        """So much more of it is done."""
        self._done[step] += count
        self._bars.advance(self._tasks[step], count)
        if not self._console.is_terminal and time.monotonic() - self._said_at > LINE_EVERY_SECONDS:
            self._say()

    def _say(self) -> None:
        """What moved since the last line; a step that is done is said once more, and no more."""
        self._said_at = time.monotonic()
        moved = [step for step, done in self._done.items() if done != self._said.get(step)]
        self._said.update(self._done)
        if moved and not self._console.is_terminal:
            counts = ", ".join(f"{step} {self._done[step]:,}/{self._totals[step]:,}" for step in moved)
            self._console.print(f"  {counts}", highlight=False, markup=False, soft_wrap=True)
