"""What is to be rendered: a queue that several workers lease from, so that no crash loses or doubles a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from chassis.database.rows import Record, Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.render_task import ASKED_FOR, PREVIEW, RenderTask, SetAsideTask
from receipts.persistence.tables import RENDER_TASKS

BELL = "render_tasks"
Order = Literal["urgency", "turn"]

_ROWS = Rows(
    RENDER_TASKS,
    ["document_id", "rendition", "clinic_id", "kind", "priority", "turn", "traceparent", "tracestate"],
)
RENDITIONS = Rows(RENDER_TASKS, ["document_id", "rendition"])
"""Documents and their renditions, to be joined with what is kept of them."""
WAITS = f"state = 'set_aside' AND kind <> '{PREVIEW}'"
"""What waits for a person to retry it; why a preview failed is answered to whoever tried it."""
_HELD = Rows(RENDER_TASKS, ["document_id", "rendition", "lease"])
_ADD = text(
    f"""
    INSERT INTO render_tasks (document_id, rendition, clinic_id, kind, priority, turn, traceparent, tracestate)
    SELECT document_id, rendition, clinic_id, kind, priority, last_turn(clinic_id, priority) + turn,
           traceparent, tracestate
      FROM {_ROWS.given(alias="r")}
     WHERE NOT (:unless_stored AND EXISTS (
               SELECT FROM stored_documents d WHERE d.document_id = r.document_id AND d.rendition = r.rendition))
       AND NOT is_deleted(document_id)
    ON CONFLICT (document_id, rendition)
    DO UPDATE SET priority = least(render_tasks.priority, excluded.priority),
                  turn = CASE WHEN excluded.waited_for AND NOT render_tasks.waited_for
                              THEN excluded.turn ELSE render_tasks.turn END
    """  # noqa: S608 - constants
)
_LEASE = {
    order: text(
        """
    WITH due AS (
        SELECT document_id, rendition FROM render_tasks
         WHERE state = 'queued' AND leased_until < clock_timestamp()
           AND (CAST(:only AS text[]) IS NULL OR kind = ANY (CAST(:only AS text[])))
         ORDER BY {order} LIMIT :count FOR UPDATE SKIP LOCKED)
    UPDATE render_tasks t
       SET lease = :lease, leased_until = clock_timestamp() + make_interval(secs => :seconds)
      FROM due WHERE t.document_id = due.document_id AND t.rendition = due.rendition
    RETURNING t.document_id, t.rendition, t.clinic_id, t.kind, t.priority, t.attempts, t.interruptions, t.lease,
              t.traceparent, t.tracestate
    """.replace("{order}", columns)
    )
    for order, columns in {
        "urgency": "priority, turn, requested_at",
        "turn": "waited_for, turn, requested_at",
    }.items()
}
_EXTEND = text(
    f"""
    WITH ours AS (
        SELECT document_id, rendition FROM render_tasks
         WHERE (document_id, rendition, lease) IN (
               SELECT document_id, rendition, lease FROM {_HELD.given()})
         ORDER BY document_id, rendition FOR UPDATE)
    UPDATE render_tasks t SET leased_until = clock_timestamp() + make_interval(secs => :seconds)
      FROM ours WHERE t.document_id = ours.document_id AND t.rendition = ours.rendition
    """  # noqa: S608 - constants
)
_DONE = text(
    """
    DELETE FROM render_tasks WHERE document_id = :document_id AND rendition = :rendition AND lease = :lease
    RETURNING document_id
    """
)
_POSTPONE = text(
    """
    UPDATE render_tasks
       SET leased_until = clock_timestamp() + make_interval(secs => :seconds), failure = :failure,
           attempts = attempts + 1, turn = last_turn(clinic_id, priority) + 1
     WHERE document_id = :document_id AND rendition = :rendition AND lease = :lease
    """
)
_PUT_BACK = text(
    """
    UPDATE render_tasks
       SET leased_until = clock_timestamp() + make_interval(secs => :seconds), interruptions = interruptions + 1
     WHERE document_id = :document_id AND rendition = :rendition AND lease = :lease
    """
)
_SET_ASIDE = text(
    """
    UPDATE render_tasks SET state = 'set_aside', failure = :failure, attempts = attempts + 1
     WHERE document_id = :document_id AND rendition = :rendition AND lease = :lease
    """
)
_RETRY = text(
    f"""
    UPDATE render_tasks
       SET state = 'queued', attempts = 0, interruptions = 0, leased_until = '-infinity', lease = NULL,
           turn = last_turn(clinic_id, priority) + 1
     WHERE clinic_id = :clinic_id AND document_id = :document_id AND {WAITS}
    RETURNING document_id
    """  # noqa: S608 - constants
)
_FAILURE = text(
    "SELECT failure FROM render_tasks WHERE document_id = :id AND rendition = :rendition AND state = 'set_aside'"
)
_FAILURES = text(
    f"""
    SELECT document_id, failure FROM render_tasks
     WHERE state = 'set_aside'
       AND (document_id, rendition) IN (SELECT document_id, rendition FROM {RENDITIONS.given()})
    """  # noqa: S608 - constants
)
_LIST_SET_ASIDE = text(
    f"""
    SELECT document_id, rendition, kind, attempts, failure, requested_at FROM render_tasks
     WHERE clinic_id = :clinic_id AND {WAITS}
       AND (CAST(:after_id AS uuid) IS NULL OR (document_id, rendition) > (CAST(:after_id AS uuid), :after_rendition))
     ORDER BY document_id, rendition LIMIT :limit
    """  # noqa: S608 - constants
)


async def add(connection: AsyncConnection, tasks: Sequence[RenderTask], *, unless_stored: bool = False) -> None:
    """Ask for renditions; one that is asked for already becomes no less urgent, and none is of what was deleted.

    `unless_stored`: where somebody waits for them, they may have been made meanwhile.
    """
    await connection.execute(_ADD, _ROWS.arrays(_rows(tasks)) | {"unless_stored": unless_stored})


def _rows(tasks: Sequence[RenderTask]) -> list[Record]:
    """With the place of each among those of its clinic that are asked for at once; in one order, as they are locked."""
    places: Counter[tuple[UUID, bool]] = Counter()
    rows = []
    for task in tasks:
        who = (task.clinic_id, task.priority == ASKED_FOR)
        places[who] += 1
        rows.append({**asdict(task), "turn": places[who]})
    return sorted(rows, key=lambda row: (row["document_id"], row["rendition"]))


async def lease(
    connection: AsyncConnection,
    *,
    lease_id: UUID,
    count: int,
    seconds: float,
    order: Order = "urgency",
    only: Collection[str] | None = None,
) -> list[RenderTask]:
    """Take up to `count` tasks, `only` of some kinds, for `seconds`; one not finished by then is taken again.

    By `urgency`, what persons wait for comes first, within it each clinic has its turn. By `turn` all the rest comes
    first: whoever takes some of them in this order lets nothing starve, however many persons ask for whatever.
    """
    given = {"lease": lease_id, "count": count, "seconds": seconds, "only": None if only is None else sorted(only)}
    return rows_as(RenderTask, await connection.execute(_LEASE[order], given))


async def extend(connection: AsyncConnection, tasks: Sequence[RenderTask], *, seconds: float) -> None:
    """Keep tasks for `seconds` from now; those that passed to another taker stay with it."""
    await connection.execute(_EXTEND, _HELD.arrays(task.key for task in tasks) | {"seconds": seconds})


async def done(connection: AsyncConnection, task: RenderTask) -> bool:
    """Take a task off the queue; False where the lease has passed to another."""
    return (await connection.execute(_DONE, task.key)).one_or_none() is not None


async def postpone(connection: AsyncConnection, task: RenderTask, *, seconds: float, failure: str) -> None:
    """Let a task that failed be tried again after some seconds, in a turn of its own."""
    await connection.execute(_POSTPONE, {**task.key, "seconds": seconds, "failure": failure})


async def put_back(connection: AsyncConnection, task: RenderTask, *, seconds: float) -> None:
    """Let a task that something else interrupted be taken again after some seconds; that counts for nothing."""
    await connection.execute(_PUT_BACK, {**task.key, "seconds": seconds})


async def set_aside(connection: AsyncConnection, task: RenderTask, failure: str) -> None:
    """Give a task up until a person retries it."""
    await connection.execute(_SET_ASIDE, {**task.key, "failure": failure})


async def retry(connection: AsyncConnection, clinic_id: UUID, document_id: UUID) -> bool:
    """Put what was set aside of a document back into the queue; False where nothing was."""
    rows = await connection.execute(_RETRY, {"clinic_id": clinic_id, "document_id": document_id})
    return rows.first() is not None


async def failure_of(connection: AsyncConnection, document_id: UUID, rendition: str) -> str | None:
    """Why a rendition was set aside, if it was."""
    failure: str | None = await connection.scalar(_FAILURE, {"id": document_id, "rendition": rendition})
    return failure


async def failures_of(connection: AsyncConnection, wanted: Mapping[UUID, str]) -> dict[UUID, str]:
    """Why renditions, the one given for each document, were set aside; only those that were."""
    rows = await connection.execute(_FAILURES, renditions_of(wanted.items()))
    return {row.document_id: row.failure for row in rows}


def renditions_of(wanted: Iterable[tuple[UUID, str]]) -> dict[str, list[Any]]:
    """The parameters of these documents and renditions, for a statement with RENDITIONS."""
    return RENDITIONS.arrays({"document_id": document_id, "rendition": rendition} for document_id, rendition in wanted)


async def set_aside_of(
    connection: AsyncConnection, clinic_id: UUID, *, after: tuple[UUID, str] | None, limit: int
) -> list[SetAsideTask]:
    """A clinic's renditions that could not be made, and wait for a person."""
    after_id, after_rendition = after or (None, "")
    values = {"clinic_id": clinic_id, "after_id": after_id, "after_rendition": after_rendition, "limit": limit}
    return rows_as(SetAsideTask, await connection.execute(_LIST_SET_ASIDE, values))
