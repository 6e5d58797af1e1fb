"""Tallies: what a service keeps of things that other services keep too, in an order that all of them have (`ALL-8`).

No service reads another's tables. So that their figures can be laid side by side all the same, each shows its own by
id, part by part; whoever compares two of them goes through both at once and never holds either.
"""

# ruff: noqa: S608  what is put into these statements is declared in the services' code, never input

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class Tally:
    """Figures of the rows of a table, each an SQL expression: integers, booleans or text, nothing personal.

    `key` is a column that an index on (clinic_id, key) can give in order; row-level security leaves the clinic's rows.
    """

    table: str
    key: str
    figures: Mapping[str, str]
    where: str = "true"

    @property
    def _select(self) -> str:
        figures = ", ".join(f"{expression} AS {name}" for name, expression in self.figures.items())
        return f"SELECT {self.key} AS tally_id, {figures} FROM {self.table} WHERE {self.where}"


@dataclass(frozen=True, slots=True)
class Tallied:
    """One thing and what is kept of it."""

    id: UUID
    figures: dict[str, Any]


async def part_of(
    connection: AsyncConnection, tally: Tally, clinic_id: UUID, after: UUID | None, limit: int
) -> list[Tallied]:
    """The next rows of a clinic's tally, by id."""
    clinic = f"{tally.table.split()[-1]}.clinic_id = :clinic_id"
    going_on = "" if after is None else f"AND {tally.key} > :after"
    statement = f"{tally._select} AND {clinic} {going_on} ORDER BY {tally.key} LIMIT :limit"  # noqa: SLF001 - ours
    values = {"clinic_id": clinic_id, "limit": limit} | ({} if after is None else {"after": after})
    return [_tallied(row) for row in (await connection.execute(text(statement), values)).mappings()]


async def some_of(connection: AsyncConnection, tally: Tally, ids: Sequence[UUID]) -> list[Tallied]:
    """These rows of a tally, by id; those that are not there are left out."""
    statement = f"{tally._select} AND {tally.key} = ANY(CAST(:ids AS uuid[])) ORDER BY {tally.key}"  # noqa: SLF001
    return [_tallied(row) for row in (await connection.execute(text(statement), {"ids": list(ids)})).mappings()]


def _tallied(row: Mapping[Any, Any]) -> Tallied:
    return Tallied(row["tally_id"], {name: value for name, value in row.items() if name != "tally_id"})
