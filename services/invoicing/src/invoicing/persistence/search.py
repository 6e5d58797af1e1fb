"""What was asked for in words, as words that invoices of the clinic have: each may be the beginning of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.database.rows import values_of
from sqlalchemy import Text, text
from sqlalchemy.ext.asyncio import AsyncConnection

ASKED_MAX = 8
"""Words of one search; what is said beyond them is not looked at."""
FOUND_MAX = 64
"""Words of the clinic that one asked word may stand for and still be listed one by one."""

# What was typed between two spaces: its parts, and as one word, as names are looked up (`name_words`).
_TOLD = text(
    """
    SELECT ARRAY(SELECT w FROM search_words(t.one) AS w ORDER BY length(w) DESC, w) AS parts,
           ARRAY(SELECT name_word(w) FROM search_words(joined_name(t.one)) AS w ORDER BY length(w) DESC, w) AS names
      FROM regexp_split_to_table(:told, '\\s+') AS t (one)
    """
)
# A walk from word to word over the index, so that a word on a million invoices costs one step. A number is meant as it
# is: 117 is not 1170.
_ASKED = values_of(word=Text(), name=Text())
_FIND = text(
    f"""
    WITH RECURSIVE asked AS (SELECT * FROM {_ASKED.given(alias="a")}),
    found AS (
        SELECT a.word AS asked, 1 AS n,
               (SELECT w.word FROM invoice_words w
                 WHERE w.clinic_id = :clinic_id AND w.word >= a.word ORDER BY w.word LIMIT 1) AS word
          FROM (SELECT DISTINCT word FROM asked) a
         UNION ALL
        SELECT f.asked, f.n + 1,
               (SELECT w.word FROM invoice_words w
                 WHERE w.clinic_id = :clinic_id AND w.word > f.word ORDER BY w.word LIMIT 1)
          FROM found f WHERE f.word ^@ f.asked AND f.asked !~ '^[0-9]+$' AND f.n <= :found_max)
    SELECT a.word AS asked, a.name, coalesce(array_agg(f.word ORDER BY f.word) FILTER (WHERE f.word ^@ a.word
             AND (a.word !~ '^[0-9]+$' OR f.word = a.word)), ARRAY[]::text[]) AS words,
           EXISTS (SELECT 1 FROM patient_words p
                    WHERE p.clinic_id = :clinic_id AND p.word >= a.name
                      AND p.word < a.name || CASE WHEN a.name ~ '^[0-9]+$' THEN chr(1) ELSE chr(1114111) END
                   ) AS of_patients
      FROM asked a LEFT JOIN found f ON f.asked = a.word GROUP BY a.word, a.name
    """  # noqa: S608 - constants
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was typed between two spaces: the words in it, the longest first, and the words that names are found by."""

    parts: list[str]
    names: list[str]


# Of the few who are one with another (`ALL-10`): all records of those of whom one has the word, found once a statement.
_OF_RECORDS_WITH = """i.patient_id = ANY(ARRAY(
    SELECT r.id FROM merged_records m
     CROSS JOIN LATERAL (VALUES (m.record_id), (m.survivor_id)) AS w (id)
      JOIN patient_words x ON x.clinic_id = m.clinic_id AND x.patient_id = w.id AND {begins}
     CROSS JOIN LATERAL unnest(records_of(m.clinic_id, m.record_id)) AS r (id)
     WHERE m.clinic_id = :clinic_id))"""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """One word of a search, and the words it stands for; None where those are too many to name.

    `name` is what patients of the clinic have in their names or as their chart number, None where they have none such
    or are not looked for (`INV-18`). What was typed as one, as O'Brien, has `also` the other words on an invoice.
    """

    asked: str
    words: list[str] | None
    name: str | None = None
    also: tuple[str, ...] = ()

    def of_invoice(self, name: str) -> tuple[str, dict[str, Any]]:
        """The condition that invoice `i` has one of the words, with its parameters."""
        if self.words is not None:
            which, given = f"x.word = ANY(CAST(:{name}_all AS text[]))", {f"{name}_all": self.words}
        else:
            which, given = f"x.word >= :{name} AND x.word < :{name}_end", span(name, self.asked)
        more, more_given = self.of_rest(name)
        return " AND ".join([_has(which), *more]), given | more_given

    def of_rest(self, name: str) -> tuple[list[str], dict[str, Any]]:
        """The conditions that it has the other words, too."""
        spans = {f"{name}_also_{place}": word for place, word in enumerate(self.also)}
        given = [span(one, word) for one, word in spans.items()]
        return [_has(f"x.word >= :{one} AND x.word < :{one}_end") for one in spans], _merged(given)

    def condition(self, name: str) -> tuple[str, dict[str, Any]]:
        """The condition that invoice `i`, or its patient, has one of the words, with its parameters."""
        of_invoice, given = self.of_invoice(name)
        if self.name is None:
            return of_invoice, given
        begins = f"x.word >= :{name}_of AND x.word < :{name}_of_end"
        of_patient = (
            "EXISTS (SELECT 1 FROM patient_words x WHERE x.clinic_id = i.clinic_id "  # noqa: S608 - constants
            f"AND x.patient_id = i.patient_id AND {begins})"
        )
        of_one = _OF_RECORDS_WITH.format(begins=begins)
        return f"({of_invoice} OR {of_patient} OR {of_one})", given | span(f"{name}_of", self.name)


def span(name: str, word: str) -> dict[str, Any]:
    """Every word that begins so, in the order of code points, of which U+10FFFF is the last; a number is itself."""
    return {name: word, f"{name}_end": word + ("\x01" if word.isdigit() else "\U0010ffff")}


async def told_words(connection: AsyncConnection, told: str) -> list[Told]:
    """What was typed, space by space, without what has no word in it."""
    rows = [Told(row.parts, row.names) for row in await connection.execute(_TOLD, {"told": told})]
    return [row for row in rows if row.parts and row.names]


async def asked_words(
    connection: AsyncConnection, clinic_id: UUID, told: str, *, of_patients: bool = False
) -> list[AskedWord]:
    """The words of a search; those that stand for the fewest words come first.

    Where patients are looked for too, what was typed as one is looked up as one among them; where they have no such
    word, each part is.
    """
    typed = await told_words(connection, told)
    pairs = {(part, part) for one in typed for part in one.parts}
    pairs |= {(one.parts[0], one.names[0]) for one in typed if _is_one_name(one)}
    keys = [(word, name if of_patients else None) for word, name in sorted(pairs)]
    parameters = _ASKED.keyed(keys) | {"clinic_id": clinic_id, "found_max": FOUND_MAX}
    found = {(row.asked, row.name): row for row in await connection.execute(_FIND, parameters)}
    asked = {one.asked: one for each in typed for one in _asked(each, found, of_patients=of_patients)}
    longest = sorted(asked.values(), key=lambda one: (-len(one.asked), one.asked))[:ASKED_MAX]
    return sorted(longest, key=lambda one: (one.words is None, len(one.words or ()), one.asked))


def _asked(typed: Told, found: dict[tuple[str, str | None], Any], *, of_patients: bool) -> Iterator[AskedWord]:
    if of_patients and _is_one_name(typed):
        row = found[typed.parts[0], typed.names[0]]
        if row.of_patients:
            yield AskedWord(row.asked, _few(row.words), row.name, tuple(typed.parts[1:]))
            return
    for part in typed.parts:
        row = found[part, part if of_patients else None]
        yield AskedWord(part, _few(row.words), part if row.of_patients else None)


def _is_one_name(typed: Told) -> bool:
    """Whether it was typed as one and is looked up as such, O'Brien say, and not only by its parts."""
    return len(typed.names) == 1 and typed.names != typed.parts


def _few(words: list[str]) -> list[str] | None:
    return words if len(words) <= FOUND_MAX else None


def _has(which: str) -> str:
    of = "x.clinic_id = i.clinic_id AND x.invoice_id = i.id"
    return f"EXISTS (SELECT 1 FROM invoice_words x WHERE {of} AND {which})"  # noqa: S608 - constants


def _merged(given: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {name: value for one in given for name, value in one.items()}
