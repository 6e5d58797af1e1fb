"""In which currencies a clinic's money is, as payments announced it: such a currency stays (`MON-2`)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NOTE = text(
    """
    INSERT INTO currencies_in_use (clinic_id, currency)
    SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:currencies AS text[])) ORDER BY 1, 2 ON CONFLICT DO NOTHING
    """
)
_IN_USE = text("SELECT currency FROM currencies_in_use WHERE clinic_id = :clinic_id")


async def note(connection: AsyncConnection, used: Collection[tuple[UUID, str]]) -> None:
    """Note that clinics have, or had, money in currencies."""
    given = sorted(used)
    values = {"clinics": [clinic_id for clinic_id, _ in given], "currencies": [currency for _, currency in given]}
    await connection.execute(_NOTE, values)


async def in_use(connection: AsyncConnection, clinic_id: UUID) -> set[str]:
    """In which currencies a clinic has, or had, money."""
    return set((await connection.execute(_IN_USE, {"clinic_id": clinic_id})).scalars())
