"""Objects of the store that are to be removed, unless a document has its bytes in them when the time has come.

Whoever is about to write an object says so here first, for a day later: if it dies before the document's row is there,
nothing is left behind. Whoever writes the row takes it back; the database itself says it of what a document was of that
is deleted. A row here is locked while its object is removed, so that nobody writes that object anew meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.stored_document import ObjectKey
from receipts.persistence.tables import OBJECT_REMOVALS

GRACE_SECONDS = 86_400
"""Longer than any process takes between an object and its row, if it gets there at all."""

_KEYS = Rows(OBJECT_REMOVALS, ["clinic_id", "sha256"])
_PLAN = f"""
    INSERT INTO object_removals AS r (clinic_id, sha256, due_at)
    SELECT DISTINCT clinic_id, sha256, clock_timestamp() + make_interval(secs => :seconds)
      FROM {_KEYS.given()} ORDER BY clinic_id, sha256
    ON CONFLICT (clinic_id, sha256)
    """  # noqa: S608 - constants
_PLAN_LATER = text(f"{_PLAN} DO UPDATE SET due_at = greatest(r.due_at, excluded.due_at)")
_PLAN_ONCE = text(f"{_PLAN} DO NOTHING")
_CANCEL = text(
    f"""
    WITH ours AS (
        SELECT clinic_id, sha256 FROM object_removals
         WHERE (clinic_id, sha256) IN (SELECT clinic_id, sha256 FROM {_KEYS.given()})
         ORDER BY clinic_id, sha256 FOR UPDATE)
    DELETE FROM object_removals AS r USING ours AS o WHERE r.clinic_id = o.clinic_id AND r.sha256 = o.sha256
    RETURNING r.clinic_id, r.sha256
    """  # noqa: S608 - constants
)
_DUE = text(
    """
    SELECT clinic_id, sha256 FROM object_removals
     WHERE due_at <= clock_timestamp()
     ORDER BY clinic_id, sha256 LIMIT :most FOR UPDATE SKIP LOCKED
    """
)
_REFERRED = text(
    f"""
    SELECT clinic_id, sha256 FROM {_KEYS.given()}
     WHERE EXISTS (SELECT FROM stored_documents AS d
                    WHERE d.clinic_id = given.clinic_id AND d.sha256 = given.sha256 AND d.in_store)
    """  # noqa: S608 - constants
)


async def plan(connection: AsyncConnection, keys: Collection[ObjectKey]) -> None:
    """Have objects removed after a day, or later where that was said: whoever writes them has this long."""
    await connection.execute(_PLAN_LATER, _arrays(keys) | {"seconds": GRACE_SECONDS})


async def plan_once(connection: AsyncConnection, keys: Collection[ObjectKey]) -> None:
    """Have objects removed after a day, or when that was said: who finds them unused each day postpones nothing."""
    await connection.execute(_PLAN_ONCE, _arrays(keys) | {"seconds": GRACE_SECONDS})


async def cancel(connection: AsyncConnection, keys: Collection[ObjectKey]) -> set[ObjectKey]:
    """Let objects stay; those of them that were to be removed, as another may have been removed already."""
    return set(rows_as(ObjectKey, await connection.execute(_CANCEL, _arrays(keys))))


async def due(connection: AsyncConnection, *, most: int) -> tuple[list[ObjectKey], list[ObjectKey]]:
    """What is due, locked; and of it, what no document has its bytes in."""
    keys = rows_as(ObjectKey, await connection.execute(_DUE, {"most": most}))
    used = set(rows_as(ObjectKey, await connection.execute(_REFERRED, _arrays(keys)))) if keys else set()
    return keys, [key for key in keys if key not in used]


def _arrays(keys: Collection[ObjectKey]) -> dict[str, list[object]]:
    return _KEYS.keyed((key.clinic_id, key.sha256) for key in keys)
