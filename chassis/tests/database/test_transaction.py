"""Transactions: all or nothing, only the clinics that were named, and a connection that is clean afterwards."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.database.driver import Statement
from chassis.database.transaction import WritesWhileReading
from chassis.http.faults import problem_of_fault
from chassis.messaging.errors import is_transient
from chassis.testing.harness import ServiceHarness
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

ADD = text("INSERT INTO marks (clinic_id, key, word) VALUES (:clinic, 'k', 'w')")
COUNT = text("SELECT count(*) FROM marks WHERE clinic_id = :clinic")


async def count(harness: ServiceHarness, clinic: UUID) -> int:
    async with harness.database.reading([clinic]) as connection:
        return int(await connection.scalar(COUNT, {"clinic": clinic}) or 0)


@pytest.mark.rule("ALL-2.3")
async def test_what_fails_half_way_changes_nothing(harness: ServiceHarness) -> None:
    """ALL-2."""
    clinic = uuid4()
    with pytest.raises(ZeroDivisionError):
        async with harness.database.transaction([clinic], "test") as work:
            await work.connection.execute(ADD, {"clinic": clinic})
            raise ZeroDivisionError
    assert await count(harness, clinic) == 0


@pytest.mark.rule("ALL-4.2")
async def test_another_clinics_row_cannot_be_written(harness: ServiceHarness) -> None:
    """ALL-4."""
    with pytest.raises(DBAPIError, match="row-level security"):
        async with harness.database.transaction([uuid4()], "test") as work:
            await work.connection.execute(ADD, {"clinic": uuid4()})


async def test_what_is_prepared_once_is_used_again_however_many_connections_there_were(harness: ServiceHarness) -> None:
    """One after the other is on one connection: on each that was ever open, every statement is prepared anew."""
    together = asyncio.Barrier(5)
    await asyncio.gather(*(connected(harness, together) for _ in range(5)))
    alone = [await connected(harness, asyncio.Barrier(1)) for _ in range(5)]
    assert len(set(alone)) == 1


async def connected(harness: ServiceHarness, together: asyncio.Barrier) -> int:
    async with harness.database.reading([]) as connection:
        await together.wait()
        return int(await connection.scalar(text("SELECT pg_backend_pid()")) or 0)


async def test_a_pooled_connection_forgets_the_clinics_of_its_last_transaction(harness: ServiceHarness) -> None:
    """ALL-4."""
    clinic = uuid4()
    async with harness.database.transaction([clinic], "test") as work:
        await work.connection.execute(ADD, {"clinic": clinic})
    for _ in range(12):
        async with harness.database.reading([]) as connection:
            assert await connection.scalar(COUNT, {"clinic": clinic}) == 0


async def test_a_cancelled_transaction_leaves_neither_rows_nor_a_spoilt_connection(harness: ServiceHarness) -> None:
    clinic = uuid4()

    async def slow() -> None:
        async with harness.database.transaction([clinic], "test") as work:
            await work.connection.execute(ADD, {"clinic": clinic})
            await work.connection.execute(text("SELECT pg_sleep(60)"))

    for _ in range(12):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(slow(), 0.05)
    assert await count(harness, clinic) == 0


async def test_reading_refuses_to_write(harness: ServiceHarness) -> None:
    """That is our fault, and no database's that takes no writes at the moment."""
    clinic = uuid4()
    with pytest.raises(WritesWhileReading) as fault:
        async with harness.database.reading([clinic]) as connection:
            await connection.execute(ADD, {"clinic": clinic})
    assert not is_transient(fault.value)
    assert problem_of_fault(fault.value).status == 500
    assert await count(harness, clinic) == 0


@pytest.mark.parametrize("statement", ["UPDATE ledger SET amount = 0", "DELETE FROM ledger", "TRUNCATE ledger"])
async def test_an_append_only_table_refuses_change_to_its_owner_too(harness: ServiceHarness, statement: str) -> None:
    """PAY-12."""
    clinic = uuid4()
    owner = await asyncpg.connect(harness.owned.owner_url.replace("+asyncpg", ""))
    try:
        await owner.execute("SELECT set_config('app.clinic_ids', $1, false)", str(clinic))
        await owner.execute("INSERT INTO ledger (clinic_id, amount) VALUES ($1, 1)", clinic)
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)
    finally:
        await owner.close()


@pytest.mark.parametrize("statement", ["UPDATE ledger SET amount = 0", "DELETE FROM ledger", "TRUNCATE ledger"])
async def test_the_working_role_may_not_even_try(harness: ServiceHarness, statement: str) -> None:
    """PAY-12."""
    with pytest.raises(DBAPIError, match="permission denied"):
        async with harness.database.transaction([uuid4()], "test") as work:
            await work.connection.execute(text(statement))


@pytest.mark.rule("ALL-1.4")
async def test_what_is_written_at_the_end_is_written_with_the_rest_or_not_at_all(harness: ServiceHarness) -> None:
    """ALL-2, ALL-7."""
    clinic = uuid4()
    first = Statement("INSERT INTO marks (clinic_id, key, word) VALUES (:clinic, :key, :word)")
    keys = "unnest(CAST(:keys AS text[])) AS key"
    second = Statement(f"INSERT INTO marks (clinic_id, key, word) SELECT CAST(:clinic AS uuid), key, 'w' FROM {keys}")  # noqa: S608

    async def write(*, fails: bool) -> None:
        async with harness.database.transaction([clinic], "test") as work:
            work.write_at_the_end(first, {"word": "w", "key": "a", "clinic": clinic})
            work.write_at_the_end(second, {"keys": ["b", "c"], "clinic": clinic})
            work.write_at_the_end(first, {"word": "w", "key": "d", "clinic": clinic})
            assert await work.connection.scalar(COUNT, {"clinic": clinic}) == 0
            if fails:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write(fails=True)
    assert await count(harness, clinic) == 0
    await write(fails=False)
    async with harness.database.reading([clinic]) as connection:
        rows = await connection.execute(text("SELECT key FROM marks WHERE clinic_id = :c ORDER BY key"), {"c": clinic})
        assert rows.scalars().all() == ["a", "b", "c", "d"]
