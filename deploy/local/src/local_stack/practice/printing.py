"""Lines for a person: aligned, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH = 80


def dollars(cents: int) -> str:
    """An amount with thousands set apart."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """`1 visit`, `2,808 visits`."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"


def aligned(rows: Iterable[Sequence[str]], indent: int = 2) -> list[str]:
    """Rows as columns: the first to the left, the others to the right; the first gives way where a line is too long."""
    table = [list(row) for row in rows]
    if not table:
        return []
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    rest = sum(width + 2 for width in widths[1:])
    widths[0] = min(widths[0], WIDTH - indent - rest)
    return [" " * indent + _line(row, widths).rstrip() for row in table]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first = row[0] if len(row[0]) <= widths[0] else f"{row[0][: widths[0] - 1]}…"
    cells = [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
    return "  ".join([f"{first:<{widths[0]}}", *cells])
