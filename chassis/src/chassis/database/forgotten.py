"""Who was forgotten, by the keys of their messages: so that what names them and comes later is kept nowhere (`ALL-9`).

Whoever forgets and whoever writes down what names a person take turns, clinic by clinic: `keep` waits for those who
hold the clinic by `among`, and they for it, so that nothing is written by one who has not heard and overlooked by one
who does not see it yet.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.driver import Statement
from chassis.database.row_security import Operations, append_only, protect

Keyed = tuple[UUID, str]
"""A clinic and a key of it."""

FORGOTTEN_KEYS = """
CREATE TABLE forgotten_keys (
    clinic_id    uuid NOT NULL,
    key          text NOT NULL,
    forgotten_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (clinic_id, key)
)
"""


def create_forgotten_keys(op: Operations) -> None:
    """The table: a step of a migration of each service that is told who is to be forgotten."""
    op.execute(FORGOTTEN_KEYS)
    protect(op, "forgotten_keys", ("SELECT", "INSERT"))
    append_only(op, "forgotten_keys")


_LOCKS = """
    SELECT {lock}(key)
      FROM (SELECT DISTINCT hashtextextended('forgotten keys ' || clinic, 0) AS key
              FROM unnest(CAST(:clinics AS text[])) AS clinic ORDER BY key) AS keys
"""
_ALONE = Statement(_LOCKS.format(lock="pg_advisory_xact_lock"))
_TOGETHER = Statement(_LOCKS.format(lock="pg_advisory_xact_lock_shared"))
_KEEP = text(
    """
    INSERT INTO forgotten_keys (clinic_id, key)
    SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:keys AS text[])) ON CONFLICT DO NOTHING
    """
)
_AMONG = Statement(
    """
    SELECT clinic_id, key FROM forgotten_keys
     WHERE (clinic_id, key) IN (SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:keys AS text[])))
    """
)


async def keep(connection: AsyncConnection, keyed: Collection[Keyed]) -> None:
    """Keep that these are forgotten, for good, once nobody else in their clinics is writing about persons."""
    await _take_turns(connection, [clinic_id for clinic_id, _ in keyed], alone=True)
    await connection.execute(_KEEP, _parameters(keyed))


async def among(connection: AsyncConnection, keyed: Collection[Keyed], *, in_turn: bool = False) -> set[Keyed]:
    """Those of these that were forgotten; the others are not until this transaction has ended.

    `in_turn` says that it has waited for its turn before.
    """
    if not keyed:
        return set()
    if not in_turn:
        await wait_for_turn(connection, [clinic_id for clinic_id, _ in keyed])
    return {(row["clinic_id"], row["key"]) for row in await _AMONG.rows(connection, _parameters(keyed))}


async def wait_for_turn(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> None:
    """Wait for whoever is forgetting somebody of these clinics; nobody more is until this transaction has ended."""
    await _take_turns(connection, clinic_ids, alone=False)


async def _take_turns(connection: AsyncConnection, clinic_ids: Collection[UUID], *, alone: bool) -> None:
    clinics = sorted({str(clinic_id) for clinic_id in clinic_ids})
    await (_ALONE if alone else _TOGETHER).rows(connection, {"clinics": clinics})


def _parameters(keyed: Collection[Keyed]) -> dict[str, list[UUID] | list[str]]:
    in_order = sorted(keyed)
    return {"clinics": [clinic_id for clinic_id, _ in in_order], "keys": [key for _, key in in_order]}
