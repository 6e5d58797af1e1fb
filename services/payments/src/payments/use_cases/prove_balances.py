"""Prove every balance of every clinic from the journal (`ALL-8`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from payments.persistence.proof import Wrong, prove

if TYPE_CHECKING:
    from chassis.database import Database

_PROVING = text("SELECT set_config('app.proving', 'on', true)")
_CLINICS = text("SELECT clinic_id FROM clinics ORDER BY clinic_id")


async def prove_balances(database: Database) -> list[Wrong]:
    """Every figure that differs, clinic by clinic, each clinic at one instant and under its own row security."""
    async with database.reading([]) as connection:
        await connection.execute(_PROVING)
        clinics = list((await connection.execute(_CLINICS)).scalars())
    wrong: list[Wrong] = []
    for clinic_id in clinics:
        async with database.reading([clinic_id]) as connection:
            wrong += (await prove(connection)).wrong
    return wrong
