"""Whoever goes through all clinics finds each once, in parts; a proof of all of them says whose a difference is."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.database.clinic_directory import all_clinics, clinics_by_part, listing, prove_clinics
from chassis.proof import Difference, Proven
from chassis.testing.harness import ServiceHarness
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

LIST = text(listing("unnest(CAST(:clinics AS uuid[]))"))


async def listed(harness: ServiceHarness, count: int) -> list[UUID]:
    """Further clinics that the service knows, one of them by two messages."""
    clinics = [uuid4() for _ in range(count)]
    async with harness.database.transaction([], "test") as work:
        await work.connection.execute(LIST, {"clinics": [*clinics, clinics[0]]})
        await work.connection.execute(LIST, {"clinics": clinics[:1]})
    return clinics


async def test_each_clinic_is_found_once_and_in_order(harness: ServiceHarness) -> None:
    ours = await listed(harness, 5)
    parts = [part async for part in clinics_by_part(harness.database, 2)]
    found = [clinic_id for part in parts for clinic_id in part]
    assert found == sorted(found) == await all_clinics(harness.database)
    assert set(ours) <= set(found)
    assert {len(part) for part in parts} <= {1, 2}


async def test_a_proof_goes_through_all_clinics_and_says_whose_a_difference_is(harness: ServiceHarness) -> None:
    """ALL-8: each on a connection that sees that clinic only."""
    (ours,) = await listed(harness, 1)

    async def prove(connection: AsyncConnection, clinic_id: UUID) -> Proven:
        seen = await connection.scalar(text("SELECT current_setting('app.clinic_ids')"))
        return Proven(2, [Difference("clinic", str(clinic_id), seen)] if clinic_id == ours else [])

    proven = await prove_clinics(harness.database, prove)
    assert proven.figures == 2 * len(await all_clinics(harness.database))
    assert proven.differences == [Difference("clinic", str(ours), str(ours), clinic_id=ours)]
