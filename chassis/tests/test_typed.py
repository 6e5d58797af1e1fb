"""What people type is compared without case, spaces, what is not seen, and spellings of a character (PAY-17)."""

from __future__ import annotations

import re
import unicodedata

import pytest
from chassis.testing import ServiceHarness
from chassis.typed import (
    SPACES,
    UNSEEN,
    alike,
    alike_sql,
    same_person,
    says_something,
    ungrouped,
    ungrouped_sql,
)
from sqlalchemy import text

WORDS = [
    ("ERA 10027", "era 10027"),
    ("ERA 10027", "  ERA\u00a010027\t"),
    ("ERA  10027", "ERA\u200310027"),
    ("ERA 10027", "ERA\u202810027\u2029"),
    ("\uff25\uff32\uff21 \uff11", "ERA 1"),
    ("Zahn\u00e4rzte", "Zahna\u0308rzte"),
    ("Zahn\u00e4rzte", "Zahna\u200b\u0308r\u00adzte"),
    ("\u00c9LODIE", "\u00e9lodie"),
    ("ERA 1", "\ufeffERA\u200b 1\u2060"),
    ("ERA 1", "ERA\u034f 1\ufe0f\U000e0041"),
    ("ERA 1", "\u3164ERA \u202e1\u202c"),
]
GROUPED = [
    ("RF18 5390 0754 7034", "RF18539007547034"),
    ("RF18\u202f5390\u00a00754 7034 ", "rf185390 07547034"),
    ("clerk: ada", "clerk:ada"),
    ("Dr.\u2009Ada  Lovelace", "dr.ada lovelace"),
]
APART = [
    ("ERA-1", "ERA 1"),
    ("1-23", "12-3"),
    ("2026/11", "202611"),
    ("slip 7", "slip 70"),
    ("stra\u00dfe", "STRASE"),
    ("", "\u0301"),
]


@pytest.mark.parametrize(("one", "other"), [*WORDS, *GROUPED, *APART])
async def test_both_here_and_in_the_database(harness: ServiceHarness, one: str, other: str) -> None:
    as_words, as_signs = (one, other) in WORDS, (one, other) not in APART
    assert (alike(one) == alike(other)) is as_words
    assert (ungrouped(one) == ungrouped(other)) is same_person(one, other) is as_signs
    for sql, same in ((alike_sql, as_words), (ungrouped_sql, as_signs)):
        said = text(f"SELECT {sql('CAST(:one AS text)')} = {sql('CAST(:other AS text)')}")
        async with harness.database.reading([]) as connection:
            assert await connection.scalar(said, {"one": one, "other": other}) is same


@pytest.mark.parametrize("what", [UNSEEN, SPACES])
async def test_the_database_reads_the_same_characters(harness: ServiceHarness, what: str) -> None:
    """Each of Unicode's that either of both leaves out, one by one."""
    said = text(
        r"""
        SELECT array_agg(code) FROM generate_series(1, 1114111) AS code
         WHERE code NOT BETWEEN 55296 AND 57343 AND chr(code) ~ CAST(:what AS text)
        """
    )
    async with harness.database.reading([]) as connection:
        found = await connection.scalar(said, {"what": what})
    here = [code for code in range(1, 0x110000) if not 0xD800 <= code <= 0xDFFF and re.match(what, chr(code))]
    assert found == here


_SEEN_MARKS = {0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
"""Format characters that are drawn, before numbers (Unicode's `Prepended_Concatenation_Mark`)."""


def test_what_is_not_seen_says_nothing() -> None:
    """ALL-2: nor does any number of it, however it is mixed with spaces and controls."""
    every = [chr(code) for code in range(0x110000) if code not in _SEEN_MARKS]
    silent = [one for one in every if unicodedata.category(one) in ("Zs", "Zl", "Zp", "Cc", "Cf")]
    drawn_as_nothing = list("\u034f\u115f\u17b4\u2800\u3164\ufe0f\uffa0\U0001d159\U000e0100")
    assert [f"{ord(one):x}" for one in (*silent, *drawn_as_nothing) if says_something(one)] == []
    assert not says_something("".join((*silent, *drawn_as_nothing)))
    assert not says_something(None)


@pytest.mark.parametrize("words", ["x", "\u200bx\u200b", "7", "?", "\u06dd", "\u7b2c", "\u0639", "\U0001f9b7\ufe0f"])
def test_what_is_seen_says_something(words: str) -> None:
    assert says_something(words)
