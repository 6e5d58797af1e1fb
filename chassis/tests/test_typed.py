"""What people type is compared without case, spaces at its ends or between, and spellings of a character (PAY-17)."""

from __future__ import annotations

import pytest
from chassis.testing import ServiceHarness
from chassis.typed import alike, alike_sql
from sqlalchemy import text

PAIRS = [
    ("ERA 10027", "era 10027"),
    ("ERA 10027", "  ERA\u00a010027\t"),
    ("ERA  10027", "ERA\u200310027"),
    ("\uff25\uff32\uff21 \uff11", "ERA 1"),
    ("Zahn\u00e4rzte", "Zahna\u0308rzte"),
    ("\u00c9LODIE", "\u00e9lodie"),
    ("ERA-1", "ERA 1"),
    ("slip 7", "slip 70"),
    ("stra\u00dfe", "STRASE"),
]
ALIKE = PAIRS[:6]


@pytest.mark.parametrize(("one", "other"), PAIRS)
async def test_both_here_and_in_the_database(harness: ServiceHarness, one: str, other: str) -> None:
    assert (alike(one) == alike(other)) is ((one, other) in ALIKE)
    said = text(f"SELECT {alike_sql('CAST(:one AS text)')} = {alike_sql('CAST(:other AS text)')}")
    async with harness.database.reading([]) as connection:
        assert await connection.scalar(said, {"one": one, "other": other}) is ((one, other) in ALIKE)
