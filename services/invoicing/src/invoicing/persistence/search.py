"""What was asked for in words, as words that invoices of the clinic have: each may be the beginning of several."""

from __future__ import annotations

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
             AND (a.word !~ '^[0-9]+$' OR f.word = a.word)), ARRAY[]::text[]) AS words,
           EXISTS (SELECT 1 FROM patient_words p
                    WHERE p.clinic_id = :clinic_id AND p.word >= a.word
                      AND p.word < a.word || CASE WHEN a.word ~ '^[0-9]+$' THEN chr(1) ELSE chr(1114111) END
                   ) AS of_patients
      FROM asked a LEFT JOIN found f ON f.asked = a.word GROUP BY a.word
    """
)


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a search, and the words it stands for; None where those are too many to name.

    `of_patients` says that patients of the clinic have such a word in their names or as their chart number (`INV-18`).
    """

    asked: str
    words: list[str] | None
    of_patients: bool = False

    def range(self, name: str) -> dict[str, Any]:
        """Every word that begins so, in the order of code points, of which U+10FFFF is the last; a number is itself."""
        return {name: self.asked, f"{name}_end": self.asked + ("\x01" if self.asked.isdigit() else "\U0010ffff")}

    def condition(self, name: str) -> tuple[str, dict[str, Any]]:
        """The condition that invoice `i`, or its patient, has one of the words, with its parameters."""
        has = "EXISTS (SELECT 1 FROM invoice_words x WHERE x.clinic_id = i.clinic_id AND x.invoice_id = i.id AND "
        if self.words is not None:
            of_invoice, given = f"{has}x.word = ANY(CAST(:{name}_all AS text[])))", {f"{name}_all": self.words}
        else:
            of_invoice, given = f"{has}x.word >= :{name} AND x.word < :{name}_end)", self.range(name)
        if not self.of_patients:
            return of_invoice, given
        of_patient = (
            "EXISTS (SELECT 1 FROM patient_words x WHERE x.clinic_id = i.clinic_id "  # noqa: S608 - constants
            f"AND x.patient_id = i.patient_id AND x.word >= :{name} AND x.word < :{name}_end)"
        )
        return f"({of_invoice} OR {of_patient})", given | self.range(name)


async def asked_words(connection: AsyncConnection, clinic_id: UUID, told: str) -> list[AskedWord]:
    """The words of a search; those that stand for the fewest words come first."""
    parameters = {"told": told, "clinic_id": clinic_id, "asked_max": ASKED_MAX, "found_max": FOUND_MAX}
    rows = await connection.execute(_FIND, parameters)
    asked = [AskedWord(one.asked, one.words if len(one.words) <= FOUND_MAX else None, one.of_patients) for one in rows]
    return sorted(asked, key=lambda one: (one.words is None, len(one.words or ()), one.asked))
