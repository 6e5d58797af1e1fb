"""Waiting for what events bring: told at the bell, by one look for all who wait, and never of another clinic's rows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from uuid import UUID, uuid4

from chassis.http import Arrivals
from chassis.identifiers import new_id
from chassis.testing import ServiceHarness
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

BELL = "books"
_THERE = text("SELECT clinic_id, id FROM books WHERE id = ANY (CAST(:ids AS uuid[]))")
_PUT = text(
    "INSERT INTO books (id, clinic_id, title, pages, added_at) "
    "SELECT id, :clinic, id::text, 1, now() FROM unnest(CAST(:ids AS uuid[])) AS id"
)


class Shelf:
    """Looks for books, and counts how often it did."""

    def __init__(self) -> None:
        self.looks = 0

    async def __call__(self, connection: AsyncConnection, ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
        self.looks += 1
        return {(row.clinic_id, row.id) for row in await connection.execute(_THERE, {"ids": list(ids)})}


async def put(harness: ServiceHarness, clinic: UUID, *ids: UUID) -> None:
    async with harness.database.transaction([clinic], "test") as work:
        await work.connection.execute(_PUT, {"clinic": clinic, "ids": list(ids)})
        work.ring(BELL)


async def test_what_is_there_is_found_at_once_and_what_never_comes_is_given_up(harness: ServiceHarness) -> None:
    clinic, there = uuid4(), new_id()
    await put(harness, clinic, there)
    arrivals = Arrivals(harness.database, BELL, Shelf())
    assert await arrivals.wait(clinic, there)
    assert not await arrivals.wait(clinic, new_id(), seconds=0.05)


async def test_all_who_wait_are_told_by_few_looks(harness: ServiceHarness) -> None:
    clinics, wanted = [uuid4(), uuid4()], [new_id() for _ in range(40)]
    shelf = Shelf()
    arrivals = Arrivals(harness.database, BELL, shelf)
    waiting = [asyncio.create_task(arrivals.wait(clinics[n % 2], id_, seconds=10)) for n, id_ in enumerate(wanted)]
    await asyncio.sleep(0)
    await put(harness, clinics[0], *wanted[0::2])
    await put(harness, clinics[1], *wanted[1::2])
    assert all(await asyncio.gather(*waiting))
    assert shelf.looks < len(wanted)


async def test_another_clinics_row_is_not_there(harness: ServiceHarness) -> None:
    """ALL-4: also while somebody of that clinic waits, whose rows the same look sees."""
    theirs, other = new_id(), uuid4()
    arrivals = Arrivals(harness.database, BELL, Shelf())
    stranger = asyncio.create_task(arrivals.wait(uuid4(), theirs, seconds=0.5))
    owner = asyncio.create_task(arrivals.wait(other, theirs, seconds=10))
    await asyncio.sleep(0)
    await put(harness, other, theirs)
    assert await owner
    assert not await stranger
