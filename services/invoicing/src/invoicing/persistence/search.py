"""What was asked for in words, as words that invoices of the clinic have: each may be the beginning of several."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

ASKED_MAX = 8
"""Words of one search; what is said beyond them is not looked at."""
FOUND_MAX = 64
"""Words of the clinic that one asked word may stand for and still be listed one by one."""

# A walk from word to word over the index, so that a word on a million invoices costs one step. A number is meant as it
# is: 117 is not 1170.
_FIND = text(
    """
    WITH RECURSIVE asked AS (
        SELECT word FROM search_words(:told) AS word ORDER BY length(word) DESC, word LIMIT :asked_max),
    found AS (
        SELECT a.word AS asked, 1 AS n,
               (SELECT w.word FROM invoice_words w
                 WHERE w.clinic_id = :clinic_id AND w.word >= a.word ORDER BY w.word LIMIT 1) AS word
          FROM asked a
         UNION ALL
        SELECT f.asked, f.n + 1,
               (SELECT w.word FROM invoice_words w
                 WHERE w.clinic_id = :clinic_id AND w.word > f.word ORDER BY w.word LIMIT 1)
          FROM found f WHERE f.word ^@ f.asked AND f.asked !~ '^[0-9]+$' AND f.n <= :found_max)
    SELECT a.word AS asked, coalesce(array_agg(f.word ORDER BY f.word) FILTER (WHERE f.word ^@ a.word
             AND (a.word !~ '^[0-9]+$' OR f.word = a.word)), ARRAY[]::text[]) AS words
      FROM asked a LEFT JOIN found f ON f.asked = a.word GROUP BY a.word
    """
)


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a search, and the words it stands for; None where those are too many to name."""

    asked: str
    words: list[str] | None

    def condition(self, name: str) -> tuple[str, dict[str, Any]]:
        """The condition that invoice `i` has one of the words, with its parameters."""
        has = "EXISTS (SELECT 1 FROM invoice_words x WHERE x.clinic_id = i.clinic_id AND x.invoice_id = i.id AND "
        if self.words is not None:
            return f"{has}x.word = ANY(CAST(:{name} AS text[])))", {name: self.words}
        # Every word that begins so, in the order of code points; U+10FFFF is the last of them.
        return f"{has}x.word >= :{name} AND x.word < :{name}_end)", {
            name: self.asked,
            f"{name}_end": self.asked + "\U0010ffff",
        }


async def asked_words(connection: AsyncConnection, clinic_id: UUID, told: str) -> list[AskedWord]:
    """The words of a search; those that stand for the fewest words come first."""
    parameters = {"told": told, "clinic_id": clinic_id, "asked_max": ASKED_MAX, "found_max": FOUND_MAX}
    found: dict[str, list[str]] = defaultdict(list)
    for row in await connection.execute(_FIND, parameters):
        found[row.asked] = row.words
    asked = [AskedWord(word, words if len(words) <= FOUND_MAX else None) for word, words in found.items()]
    return sorted(asked, key=lambda one: (one.words is None, len(one.words or ()), one.asked))
