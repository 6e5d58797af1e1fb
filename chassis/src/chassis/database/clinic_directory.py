"""Which clinics a service knows: ids and nothing of anybody, for whatever goes through all of them (`ALL-4`).

What a clinic keeps is seen only by who names the clinic. Jobs and proofs ask here which there are, and then look at
each as that clinic, or at some of them at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.transaction import Database
from chassis.proof import Difference, Proven

CLINICS_AT_ONCE = 500

# Where row-level security keeps the directory itself, whoever goes through all of it says so.
_PROVING = text("SELECT set_config('app.proving', 'on', true)")
_PART = text("SELECT clinic_id FROM clinic_directory WHERE clinic_id > :after ORDER BY clinic_id LIMIT :most")


def listing(clinics: str) -> str:
    """The INSERT that makes clinics known, to be a part of a statement that has their ids in `clinics`."""
    return f"""
        INSERT INTO clinic_directory (clinic_id) SELECT DISTINCT clinic_id FROM {clinics} AS listed (clinic_id)
         ORDER BY clinic_id ON CONFLICT DO NOTHING
    """  # noqa: S608 - our own texts


async def clinics_by_part(database: Database, most: int = CLINICS_AT_ONCE) -> AsyncIterator[list[UUID]]:
    """The ids of all clinics in order, at most so many at once; those that join meanwhile may be left out."""
    after = UUID(int=0)
    while True:
        async with database.reading([]) as connection:
            await connection.execute(_PROVING)
            part = list((await connection.execute(_PART, {"after": after, "most": most})).scalars())
        if part:
            yield part
        if len(part) < most:
            return
        after = part[-1]


async def all_clinics(database: Database) -> list[UUID]:
    """The ids of all clinics in order."""
    return [clinic_id async for part in clinics_by_part(database) for clinic_id in part]


async def prove_clinics(database: Database, prove: Callable[[AsyncConnection, UUID], Awaitable[Proven]]) -> Proven:
    """The proof of every clinic (`ALL-8`): each at one instant and under its own row-level security."""
    figures, differences = 0, list[Difference]()
    for clinic_id in await all_clinics(database):
        async with database.reading([clinic_id]) as connection:
            proven = await prove(connection, clinic_id)
        figures += proven.figures
        differences += [replace(found, clinic_id=clinic_id) for found in proven.differences]
    return Proven(figures, differences)
