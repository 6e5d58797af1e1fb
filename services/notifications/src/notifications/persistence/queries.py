"""Reading the log: lists, one message with its history, and how many messages there are."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.message import Attempt, Message, MessageFilter, State
from notifications.persistence.messages import message_of

_CONDITIONS = {
    "after": "id < :after",
    "patients": "patient_id = ANY(CAST(:patients AS uuid[]))",
    "event_id": "about_event_id = :event_id",
    "states": "state = ANY(CAST(:states AS text[]))",
    "notice": "notice = :notice",
    "since": "planned_at >= :since",
    "until": "planned_at < :until",
}
_FIND = text("SELECT * FROM messages WHERE id = :id")
_HISTORY = text(
    """
    SELECT message_id, clinic_id, number, outcome, detail, at, by_subject FROM attempts
     WHERE message_id = :message_id ORDER BY id
    """
)
_COUNTS = text("SELECT state, count(*) AS messages FROM messages GROUP BY state")
_OLDEST_CLAIM = text("SELECT min(claimed_at) FROM messages WHERE state = 'claimed'")


async def newest_messages(
    connection: AsyncConnection, wanted: MessageFilter, after: UUID | None, limit: int
) -> list[Message]:
    """Messages, the newest first; ids sort by time, so rows that are added never move the others."""
    given: dict[str, Any] = {name: getattr(wanted, name) for name in _CONDITIONS if name != "after"} | {"after": after}
    given = {name: value for name, value in given.items() if value is not None}
    conditions = " AND ".join(_CONDITIONS[name] for name in given) or "true"
    statement = f"SELECT * FROM messages WHERE {conditions} ORDER BY id DESC LIMIT :limit"  # noqa: S608 - constants
    rows = await connection.execute(text(statement), given | {"limit": limit})
    return [message_of(row) for row in rows.mappings()]


async def message_with_id(connection: AsyncConnection, message_id: UUID) -> Message | None:
    """One message."""
    row = (await connection.execute(_FIND, {"id": message_id})).mappings().first()
    return message_of(row) if row else None


async def history_of(connection: AsyncConnection, message_id: UUID) -> list[Attempt]:
    """A message's history, oldest first."""
    return rows_as(Attempt, await connection.execute(_HISTORY, {"message_id": message_id}))


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many messages of the connection's clinics are in which state."""
    found = {row.state: row.messages for row in await connection.execute(_COUNTS)}
    return {state.value: found.get(state.value, 0) for state in State}


async def oldest_claim_at(connection: AsyncConnection) -> datetime | None:
    """Since when the oldest open claim is held."""
    found: datetime | None = await connection.scalar(_OLDEST_CLAIM)
    return found
