"""Rows in sets: by the names of columns, the newest version of each, read as dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from chassis.database.driver import Statement
from chassis.database.rows import Rows, rows_as, values_of
from chassis.testing.harness import ServiceHarness
from sqlalchemy import BigInteger, Column, Date, DateTime, MetaData, Numeric, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

METADATA = MetaData()
CHAIRS = Table(
    "chairs",
    METADATA,
    Column("clinic_id", Uuid, primary_key=True),
    Column("chair_id", Uuid, primary_key=True),
    Column("version", BigInteger),
    Column("name", Text),
    Column("price", Numeric),
    Column("bought_on", Date),
    Column("seen_at", DateTime(timezone=True)),
    Column("parts", JSONB),
    Column("rooms", ARRAY(Text)),
    Column("used", BigInteger, server_default="0"),
)
ROWS = Rows(CHAIRS)


@dataclass(frozen=True)
class Chair:
    """Some of a row."""

    chair_id: UUID
    name: str
    price: Decimal
    used: int


def chair(clinic_id: UUID, chair_id: UUID, version: int = 1, **other: Any) -> dict[str, Any]:
    return {
        "clinic_id": clinic_id,
        "chair_id": chair_id,
        "version": version,
        "name": "left",
        "price": Decimal("12.345"),
        "bought_on": date(2026, 2, 28),
        "seen_at": datetime(2026, 3, 1, tzinfo=UTC),
        "parts": {"wheels": 5},
        "rooms": ["first", 'a "second", {so} \\ called'],
    } | other


def test_columns_with_a_default_of_the_database_are_left_to_it() -> None:
    assert "used" not in ROWS.columns
    assert list(Rows(CHAIRS, without=["parts"]).columns) == [name for name in ROWS.columns if name != "parts"]
    assert Rows(CHAIRS, ["name", "used"]).columns == {"name": "TEXT", "used": "BIGINT"}


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        Rows(CHAIRS, ["colour"])
    with pytest.raises(KeyError):
        Rows(CHAIRS, without=["colour"])
    with pytest.raises(KeyError):
        ROWS.arrays([{"chair_id": uuid4()}])


async def test_values_of_no_table_are_laid_beside_one(harness: ServiceHarness) -> None:
    clinic, first = uuid4(), UUID(int=11)
    seats = values_of(chair_id=Uuid(), seats=BigInteger())
    beside = text(f"SELECT c.name, g.seats FROM {seats.given(alias='g')} JOIN chairs AS c USING (chair_id)")  # noqa: S608
    async with harness.database.transaction([clinic], "test") as work:
        await ROWS.insert(work.connection, [chair(clinic, first)])
        given = [{"chair_id": first, "seats": 1}, {"chair_id": UUID(int=12), "seats": 2}]
        assert (await work.connection.execute(beside, seats.arrays(given))).all() == [("left", 1)]


async def test_rows_are_written_by_name_and_read_as_dataclasses(harness: ServiceHarness) -> None:
    clinic, first, second = uuid4(), UUID(int=1), UUID(int=2)
    async with harness.database.transaction([clinic], "test") as work:
        await ROWS.insert(
            work.connection, [chair(clinic, first), chair(clinic, second, name="rîght", parts=None, rooms=[])]
        )
        await ROWS.insert(work.connection, [])
        rows = (await work.connection.execute(text("SELECT * FROM chairs ORDER BY chair_id"))).all()
        by_driver = await Statement("SELECT * FROM chairs ORDER BY chair_id").rows(work.connection, {})
    assert [row.parts for row in rows] == [{"wheels": 5}, None]
    assert [len(row.rooms) for row in rows] == [2, 0]
    assert [(row.bought_on, row.seen_at) for row in rows] == [(date(2026, 2, 28), datetime(2026, 3, 1, tzinfo=UTC))] * 2
    assert rows[0].rooms == ["first", 'a "second", {so} \\ called']
    expected = [Chair(first, "left", Decimal("12.345"), 0), Chair(second, "rîght", Decimal("12.345"), 0)]
    assert rows_as(Chair, rows) == rows_as(Chair, by_driver) == expected


async def test_of_each_row_the_newest_version_stays_whatever_comes_first(harness: ServiceHarness) -> None:
    clinic, one, other = uuid4(), UUID(int=1), UUID(int=2)
    keep = Statement(ROWS.keeping_newest(unless="t.used > 0"))
    first = [chair(clinic, one, 2, name="two"), chair(clinic, one, 3, name="three"), chair(clinic, other)]
    late = [chair(clinic, one, 2, name="late"), chair(clinic, other, 1, name="again")]
    async with harness.database.transaction([clinic], "test") as work:
        for told in (first, late, [chair(clinic, other, 4, name="four")]):
            await keep.rows(work.connection, ROWS.arrays(told))
        await work.connection.execute(text("UPDATE chairs SET used = 1 WHERE chair_id = :id"), {"id": other})
        await keep.rows(work.connection, ROWS.arrays([chair(clinic, other, 5, name="five")]))
        rows = (await work.connection.execute(text("SELECT * FROM chairs ORDER BY chair_id"))).all()
    assert [(row.version, row.name) for row in rows] == [(3, "three"), (4, "four")]


async def test_several_tables_in_one_statement_keep_their_parameters_apart(harness: ServiceHarness) -> None:
    clinic = uuid4()
    few = Rows(CHAIRS, ["clinic_id", "chair_id", "version", "name"])
    both = Statement(f"WITH more AS ({ROWS.inserting('a_')}) {few.inserting('b_')}")
    async with harness.database.transaction([clinic], "test") as work:
        given = ROWS.arrays([chair(clinic, UUID(int=1))], "a_")
        given |= few.arrays([chair(clinic, UUID(int=2), name="few")], "b_")
        await both.rows(work.connection, given)
        names = (await work.connection.execute(text("SELECT name FROM chairs ORDER BY chair_id"))).scalars().all()
    assert names == ["left", "few"]


def test_a_key_has_the_values_of_the_columns_in_their_order() -> None:
    keys = values_of(chair_id=Uuid(), seats=BigInteger())
    assert keys.keyed([(UUID(int=1), 4), (UUID(int=2), 6)], "k_") == {
        "k_chair_id": [UUID(int=1), UUID(int=2)],
        "k_seats": [4, 6],
    }
    with pytest.raises(ValueError, match="argument 2"):
        keys.keyed([(UUID(int=1),)])
