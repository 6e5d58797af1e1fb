"""An insurer's decision as it is listed, with its lines and their adjustments (`INS-3`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ListedAdjudication:
    """A decision's row, the rows of its lines, and those of each line's adjustments."""

    row: Any
    lines: list[tuple[Any, list[Any]]]
