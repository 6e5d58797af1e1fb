"""Prove every balance of every clinic from the journal (`ALL-8`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chassis.proof import Difference, Proven

from payments.persistence import clinics, proof

if TYPE_CHECKING:
    from chassis.database import Database


async def prove_balances(database: Database) -> Proven:
    """All figures and those that differ: clinic by clinic, each at one instant and under its own row security."""
    figures, wrong = 0, list[Difference]()
    for clinic_id in await clinics.every(database):
        async with database.reading([clinic_id]) as connection:
            found = await proof.prove(connection)
        figures += found.figures
        wrong += found.differences
    return Proven(figures, wrong)
