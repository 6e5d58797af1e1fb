"""In which currencies a clinic's money is, as payments announced it: such a currency stays (`MON-2`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.persistence.tables.practice import CURRENCIES_IN_USE

_ROWS = Rows(CURRENCIES_IN_USE)
_NOTE = text(f"{_ROWS.inserting()} ORDER BY 1, 2 ON CONFLICT DO NOTHING")
_IN_USE = text("SELECT currency FROM currencies_in_use WHERE clinic_id = :clinic_id")


async def note(connection: AsyncConnection, used: Collection[tuple[UUID, str]]) -> None:
    """Note that clinics have, or had, money in currencies."""
    await connection.execute(_NOTE, _ROWS.keyed(sorted(used)))


async def in_use(connection: AsyncConnection, clinic_id: UUID) -> set[str]:
    """In which currencies a clinic has, or had, money."""
    return set((await connection.execute(_IN_USE, {"clinic_id": clinic_id})).scalars())
