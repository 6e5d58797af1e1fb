"""A clinic day that was played, and what was found afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from local_stack.practice.outcome import Outcome
from local_stack.practice.unusual import Scene


@dataclass
class Day:
    """The day in figures, with its stories, and where what it left can be seen."""

    date: date
    visits: int = 0
    payments: int = 0
    playing_seconds: float = 0.0
    seconds: float = 0.0
    outcome: Outcome = field(default_factory=Outcome)
    scenes: list[Scene] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    folder: Path = Path()
    pdfs: int = 0
    mail: str = ""
    proven: list[str] = field(default_factory=list)
    """What was recomputed and compared, a line each."""
