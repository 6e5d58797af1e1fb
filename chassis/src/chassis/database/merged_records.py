"""Two records of another system turn out to be one: what is kept under either is found by both, and nothing rewritten.

What was written down under a record's id stays as it was. Which ids are one is kept beside it, clinic by clinic, and is
asked where something is read: `survivor_of(clinic, record)` is the one that goes on, `records_of(clinic, record)` all
that are one with it, that one first. Both are functions of the database: no statement needs a second one for it.

What was said last of a record holds, by the time at which it was said, so it comes out the same in whatever order it is
heard. It goes on over any number of records, and a record that is merged into itself stands by itself again. Where it
goes round in a circle, what was said first of the circle does not hold any more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.driver import Statement
from chassis.database.row_security import Operations, protect

MERGED_RECORDS = """
CREATE TABLE merged_records (
    clinic_id    uuid NOT NULL,
    record_id    uuid NOT NULL,
    into_id      uuid NOT NULL,
    said_at      timestamptz NOT NULL,
    survivor_id  uuid NOT NULL,
    PRIMARY KEY (clinic_id, record_id)
)
"""
MERGED_BY_SURVIVOR = "CREATE INDEX merged_records_by_survivor ON merged_records (clinic_id, survivor_id)"
MERGED_BY_INTO = "CREATE INDEX merged_records_by_into ON merged_records (clinic_id, into_id)"
SURVIVOR_OF = """
CREATE FUNCTION survivor_of(uuid, uuid) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT m.survivor_id FROM merged_records AS m WHERE m.clinic_id = $1 AND m.record_id = $2), $2)
$$
"""
RECORDS_OF = """
CREATE FUNCTION records_of(uuid, uuid) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT survivor_of($1, $2) || ARRAY(
        SELECT m.record_id FROM merged_records AS m
         WHERE m.clinic_id = $1 AND m.survivor_id = survivor_of($1, $2) AND m.record_id <> m.survivor_id
         ORDER BY m.record_id)
$$
"""


def create_merged_records(op: Operations) -> None:
    """The table and its functions: a step of a migration of each service that keeps things by such records."""
    for statement in (MERGED_RECORDS, MERGED_BY_SURVIVOR, MERGED_BY_INTO, SURVIVOR_OF, RECORDS_OF):
        op.execute(statement)
    protect(op, "merged_records", ("SELECT", "INSERT", "UPDATE"))


# One after another for each clinic, in the clinics' order: what goes on over several records is read whole.
_ALONE = text(
    """
    SELECT pg_advisory_xact_lock(key)
      FROM (SELECT DISTINCT hashtextextended('merged records ' || clinic, 0) AS key
              FROM unnest(CAST(:clinics AS text[])) AS clinic ORDER BY key) AS keys
    """
)
_SAY = text(
    """
    INSERT INTO merged_records AS m (clinic_id, record_id, into_id, said_at, survivor_id)
    SELECT DISTINCT ON (clinic_id, record_id) clinic_id, record_id, into_id, said_at, into_id
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:records AS uuid[]), CAST(:into AS uuid[]),
                  CAST(:said AS timestamptz[])) AS s (clinic_id, record_id, into_id, said_at)
     ORDER BY clinic_id, record_id, said_at DESC, into_id DESC
    ON CONFLICT (clinic_id, record_id) DO UPDATE SET into_id = excluded.into_id, said_at = excluded.said_at
     WHERE (m.said_at, m.into_id) < (excluded.said_at, excluded.into_id)
    """
)
_CONNECTED = text(
    """
    WITH RECURSIVE connected (clinic_id, record_id) AS (
        SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:records AS uuid[]))
         UNION
        SELECT c.clinic_id, CASE m.record_id WHEN c.record_id THEN m.into_id ELSE m.record_id END
          FROM connected AS c
          JOIN merged_records AS m
            ON m.clinic_id = c.clinic_id AND (m.record_id = c.record_id OR m.into_id = c.record_id))
    SELECT m.clinic_id, m.record_id, m.into_id, m.said_at, m.survivor_id
      FROM connected AS c JOIN merged_records AS m USING (clinic_id, record_id)
    """
)
_SURVIVE = text(
    """
    UPDATE merged_records AS m SET survivor_id = s.survivor_id
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:records AS uuid[]), CAST(:survivors AS uuid[]))
           AS s (clinic_id, record_id, survivor_id)
     WHERE m.clinic_id = s.clinic_id AND m.record_id = s.record_id
    """
)
_SURVIVOR = Statement("SELECT survivor_of(CAST(:clinic_id AS uuid), CAST(:record_id AS uuid)) AS record_id")
_RECORDS = text("SELECT records_of(CAST(:clinic_id AS uuid), CAST(:record_id AS uuid))")


@dataclass(frozen=True, slots=True)
class Merged:
    """Somebody said that a clinic's record goes on in another."""

    clinic_id: UUID
    record_id: UUID
    into_id: UUID
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """Into which record one went on, and when that was said."""

    into_id: UUID
    said_at: datetime


async def merge(connection: AsyncConnection, told: Sequence[Merged]) -> set[tuple[UUID, str]]:
    """Keep what was said, and what follows from it for all records that are connected by it.

    Returns the records (clinic, id) that went on in another one before and do not go on in that any more.
    """
    if not told:
        return set()
    clinics, records = [one.clinic_id for one in told], [one.record_id for one in told]
    await connection.execute(_ALONE, {"clinics": [str(clinic) for clinic in clinics]})
    said = {"into": [one.into_id for one in told], "said": [one.said_at for one in told]}
    await connection.execute(_SAY, {"clinics": clinics, "records": records} | said)
    rows = list(await connection.execute(_CONNECTED, {"clinics": clinics, "records": records}))
    by_clinic: defaultdict[UUID, dict[UUID, Said]] = defaultdict(dict)
    for row in rows:
        by_clinic[row.clinic_id][row.record_id] = Said(row.into_id, row.said_at)
    found = {clinic_id: survivors(said_there) for clinic_id, said_there in by_clinic.items()}
    changed = [row for row in rows if found[row.clinic_id][row.record_id] != row.survivor_id]
    values = {
        "clinics": [row.clinic_id for row in changed],
        "records": [row.record_id for row in changed],
        "survivors": [found[row.clinic_id][row.record_id] for row in changed],
    }
    await connection.execute(_SURVIVE, values)
    return {(row.clinic_id, str(row.record_id)) for row in changed}


def survivors(said: Mapping[UUID, Said]) -> dict[UUID, UUID]:
    """Which record each of these goes on in, in the end."""
    found: dict[UUID, UUID] = {}
    for record in said:
        way: list[UUID] = []
        at = record
        while at in said and at not in found and at not in way:
            way.append(at)
            at = said[at].into_id
        if at in way:
            at = _first_said(way[way.index(at) :], said)
        found |= dict.fromkeys(way, found.get(at, at))
    return found


def _first_said(circle: Sequence[UUID], said: Mapping[UUID, Said]) -> UUID:
    """The record that goes on where all of a circle are merged: what was said of it was said first."""
    return min(circle, key=lambda id_: (said[id_].said_at, id_))


async def survivor_of(connection: AsyncConnection, clinic_id: UUID, record_id: UUID) -> UUID:
    """The record that goes on of all that are one with this."""
    (row,) = await _SURVIVOR.rows(connection, {"clinic_id": clinic_id, "record_id": record_id})
    found: UUID = row["record_id"]
    return found


async def are_one(connection: AsyncConnection, clinic_id: UUID, record_id: UUID, other_id: UUID) -> bool:
    """Whether two records are the same, or one by what was said."""
    return record_id == other_id or (
        await survivor_of(connection, clinic_id, record_id) == await survivor_of(connection, clinic_id, other_id)
    )


async def records_of(connection: AsyncConnection, clinic_id: UUID, record_id: UUID) -> list[UUID]:
    """All records that are one with this; the one that goes on comes first."""
    return list((await connection.execute(_RECORDS, {"clinic_id": clinic_id, "record_id": record_id})).scalar_one())
