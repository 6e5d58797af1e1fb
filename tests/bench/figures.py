"""What a benchmark says: a figure with its target, and the floor that was measured beside it in the same run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `at_least` tells the direction of its target; `floor` is what the bare parts do."""

    name: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = True
    floor: float | None = None
    floor_of: str = ""
    detail: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    @property
    def ratio(self) -> float | None:
        """The value in terms of its floor."""
        return self.value / self.floor if self.floor else None

    def as_dict(self) -> dict[str, Any]:
        """For the JSON file, to compare runs."""
        return asdict(self) | {"met": self.met, "ratio": self.ratio}


def missed(figures: Sequence[Figure]) -> list[str]:
    """A sentence for each target that is not met, which names it and how far it was missed."""
    return [
        f"Missed: {one.name} is {one.value:,.1f} {one.unit}, and should be {'at least' if one.at_least else 'at most'} "
        f"{one.target:g}."
        for one in figures
        if one.met is False
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of some values, none of which are left out."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text."""
    rows = [("figure", "measured", "target", "met", "floor", "ratio")]
    for figure in figures:
        target = "" if figure.target is None else f"{'>=' if figure.at_least else '<='} {figure.target:g}"
        met = {None: "", True: "yes", False: "NO"}[figure.met]
        floor = f"{figure.floor:,.1f} ({figure.floor_of})" if figure.floor is not None else ""
        ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
        rows.append((figure.name, f"{figure.value:,.1f} {figure.unit}", target, met, floor, ratio))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    details = [f"  {figure.name}: {figure.detail}" for figure in figures if figure.detail]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:], *details])
