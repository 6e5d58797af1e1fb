"""Outbox and dead letters are a clinic's own, too: the database itself keeps them apart (`ALL-4`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from chassis.database.machinery import every_clinic
from chassis.identifiers import new_id
from chassis.messaging import Permanent, dead_letters
from chassis.testing.harness import ServiceHarness
from chassis.testing.word import Word
from sqlalchemy import text

TABLES = ("outbox", "dead_letters")


async def kept(harness: ServiceHarness, table: str, clinics: list[UUID]) -> set[UUID]:
    async with harness.database.reading(clinics) as connection:
        rows = await connection.execute(text(f"SELECT clinic_id FROM {table}"))  # noqa: S608 - a constant
        return set(rows.scalars())


@pytest.fixture
async def two(harness: ServiceHarness, sample: Any) -> tuple[UUID, UUID]:
    """Two clinics, each of which has announced something, and has something set aside."""
    sample.faults["bad"] = Permanent("of no use")
    clinics = (new_id(), new_id())
    for clinic_id in clinics:
        async with harness.database.transaction([clinic_id], "test") as work:
            work.announce(Word("words", "key", "word", clinic_id=clinic_id), subject=uuid4(), sequence=1)
        await harness.deliver(sample.message(str(uuid4()), "bad", clinic_id=clinic_id))
    return clinics


@pytest.mark.parametrize("table", TABLES)
async def test_a_clinic_sees_its_own_rows_and_nobody_sees_all_without_saying_so(
    harness: ServiceHarness, two: tuple[UUID, UUID], table: str
) -> None:
    """ALL-4."""
    one, other = two
    assert await kept(harness, table, [one]) == {one}
    assert await kept(harness, table, []) == set()
    async with harness.database.reading([one]) as connection:
        async with every_clinic(connection):
            seen = set((await connection.execute(text(f"SELECT clinic_id FROM {table}"))).scalars())  # noqa: S608
        after = set((await connection.execute(text(f"SELECT clinic_id FROM {table}"))).scalars())  # noqa: S608
    assert {one, other} <= seen
    assert after == {one}


@pytest.mark.parametrize("table", TABLES)
async def test_a_clinic_changes_nothing_of_another(harness: ServiceHarness, two: tuple[UUID, UUID], table: str) -> None:
    """ALL-4."""
    one, other = two
    statement = text(f"UPDATE {table} SET data = '' WHERE clinic_id = :other")  # noqa: S608 - a constant
    async with harness.database.transaction([one], "test") as work:
        assert (await work.connection.execute(statement, {"other": other})).rowcount == 0


async def test_nothing_is_announced_for_a_clinic_that_the_transaction_is_not_of(harness: ServiceHarness) -> None:
    """ALL-4: a mistake in a handler is refused by the database."""
    one, other = new_id(), new_id()
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with harness.database.transaction([one], "test") as work:
            work.announce(Word("words", "key", "word", clinic_id=other), subject=uuid4(), sequence=1)


async def test_every_clinic_is_of_these_two_tables_only(harness: ServiceHarness, sample: Any) -> None:
    """ALL-4: whoever goes through the machinery sees nothing of what clinics keep."""
    await harness.deliver(sample.message(str(uuid4()), "word"))
    async with harness.database.reading([]) as connection, every_clinic(connection):
        assert await connection.scalar(text("SELECT count(*) FROM marks")) == 0


async def test_an_operator_lists_every_clinics(harness: ServiceHarness, two: tuple[UUID, UUID]) -> None:
    async with harness.database.reading([]) as connection:
        listed = await dead_letters.listed(connection, most=10_000)
    assert set(two) <= {row.clinic_id for row in listed}


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("SELECT id FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT 500", "outbox_unpublished"),
        ("SELECT id FROM dead_letters WHERE state = 'waiting' AND next_attempt_at <= now()", "dead_letters_due"),
        (
            "SELECT 1 FROM dead_letters WHERE consumer = 'c' AND state IN ('waiting', 'dead') AND key = ANY('{k}')",
            "dead_letters_open",
        ),
    ],
)
async def test_who_looks_at_every_clinics_rows_still_uses_the_index(
    harness: ServiceHarness, asked: str, index: str
) -> None:
    """ALL-4: a policy is a condition, and one that keeps the relay from its index reads a week of rows each time."""
    async with harness.database.reading([]) as connection, every_clinic(connection):
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join((await connection.execute(text(f"EXPLAIN {asked}"))).scalars())
    assert index in plan
