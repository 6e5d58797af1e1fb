"""Plots as inline SVG, without a style or script of their own, as the pages' policy has them; a table stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, FOOT = 720, 200, 4


@dataclass(frozen=True)
class Bar:
    """One part of one column: where it is drawn, of which series it is, and what it says."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True)
class Column:
    """What is drawn over one label: parts by series, from below, each with its title."""

    label: str
    parts: Sequence[tuple[Decimal, str]]


def bars(columns: Sequence[Column], *, gap: float = 0.3) -> list[Bar]:
    """Stacked bars in a frame of `WIDTH` by `HEIGHT`; what is below zero is not drawn, and stands in the table."""
    highest = max((_height(one) for one in columns), default=Decimal(0))
    if highest <= 0:
        return []
    step = WIDTH / len(columns)
    drawn = []
    for place, column in enumerate(columns):
        foot = float(HEIGHT - FOOT)
        for series, (value, title) in enumerate(column.parts):
            if value <= 0:
                continue
            tall = float(value / highest) * (HEIGHT - 2 * FOOT)
            foot -= tall
            left = round(place * step + step * gap / 2, 1)
            drawn.append(Bar(left, round(foot, 1), round(step * (1 - gap), 1), round(tall, 1), series, title))
    return drawn


def _height(column: Column) -> Decimal:
    return sum((max(value, Decimal(0)) for value, _ in column.parts), Decimal(0))
