"""Prove every balance of every clinic from the journal (`ALL-8`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.persistence import clinics
from payments.persistence.proof import Wrong, prove

if TYPE_CHECKING:
    from chassis.database import Database


async def prove_balances(database: Database) -> list[Wrong]:
    """Every figure that differs, clinic by clinic, each clinic at one instant and under its own row security."""
    wrong: list[Wrong] = []
    for clinic_id in await clinics.every(database):
        async with database.reading([clinic_id]) as connection:
            wrong += (await prove(connection)).wrong
    return wrong
