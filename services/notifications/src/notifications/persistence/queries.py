"""Reading the log: lists, one message with its history, and what the log adds up to."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.message import Message, State
from notifications.domain.notice import Notice
from notifications.persistence.messages import message_of
from notifications.persistence.tables import attempts, messages


@dataclass(frozen=True)
class Filter:
    """Which messages: all of what is given has to fit. `until` is not included."""

    patients: Sequence[UUID] | None = None
    """All records of the register that are one patient (`ALL-10`)."""
    event_id: str | None = None
    state: State | None = None
    notice: Notice | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class AttemptRow:
    """One line of a message's history."""

    number: int
    at: datetime
    outcome: str
    detail: str | None
    by: str


@dataclass(frozen=True)
class Sums:
    """How many messages are in which state, and since when the oldest open claim is held."""

    counts: dict[State, int]
    oldest_claim_at: datetime | None


async def newest_messages(connection: AsyncConnection, wanted: Filter, after: UUID | None, limit: int) -> list[Message]:
    """Messages, the newest first; ids sort by time, so rows that are added never move the others."""
    statement = select(messages).order_by(messages.c.id.desc()).limit(limit)
    conditions = (
        (messages.c.id, operator.lt, after),
        (messages.c.about_event_id, operator.eq, wanted.event_id),
        (messages.c.state, operator.eq, wanted.state),
        (messages.c.notice, operator.eq, wanted.notice),
        (messages.c.planned_at, operator.ge, wanted.since),
        (messages.c.planned_at, operator.lt, wanted.until),
    )
    for column, compared, value in conditions:
        if value is not None:
            statement = statement.where(compared(column, value))
    if wanted.patients is not None:
        statement = statement.where(messages.c.patient_id.in_(wanted.patients))
    return [message_of(row) for row in await connection.execute(statement)]


async def message_with_id(connection: AsyncConnection, message_id: UUID) -> Message | None:
    """One message."""
    row = (await connection.execute(select(messages).where(messages.c.id == message_id))).first()
    return message_of(row) if row else None


async def history_of(connection: AsyncConnection, message_id: UUID) -> list[AttemptRow]:
    """A message's history, oldest first."""
    statement = select(attempts).where(attempts.c.message_id == message_id).order_by(attempts.c.id)
    rows = await connection.execute(statement)
    return [AttemptRow(row.number, row.at, row.outcome, row.detail, row.by_subject) for row in rows]


async def sums(connection: AsyncConnection) -> Sums:
    """The log of the connection's clinics, added up."""
    counted = await connection.execute(select(messages.c.state, func.count()).group_by(messages.c.state))
    counts = {State(state): count for state, count in counted}
    oldest = await connection.scalar(select(func.min(messages.c.claimed_at)).where(messages.c.state == State.CLAIMED))
    return Sums(counts, oldest)


_CLINICS = text("SELECT clinic_id FROM clinic_register ORDER BY clinic_id")
_CONTRADICTIONS = text(
    """
    SELECT 'times accepted of ' || m.state || ' message ' || m.id AS what,
           (m.state = 'sent')::int::text AS expected, a.accepted::text AS found
      FROM messages m
      JOIN LATERAL (SELECT count(*) AS accepted FROM attempts a
                     WHERE a.message_id = m.id AND a.clinic_id = m.clinic_id AND a.outcome = 'sent') a ON true
     WHERE a.accepted <> (m.state = 'sent')::int
    UNION ALL
    SELECT 'outcome of ' || m.state || ' message ' || m.id, m.state, coalesce(a.outcomes, 'none')
      FROM messages m
      LEFT JOIN (SELECT message_id, string_agg(DISTINCT outcome, ', ') AS outcomes, array_agg(outcome) AS had
                   FROM attempts GROUP BY message_id) a ON a.message_id = m.id
     WHERE m.state NOT IN ('planned', 'claimed') AND (m.state = ANY (a.had)) IS NOT TRUE
    UNION ALL
    SELECT 'queue of ' || m.state || ' message ' || m.id, 'waiting in it', 'not in it'
      FROM messages m LEFT JOIN sending_queue q ON q.message_id = m.id
     WHERE m.state IN ('planned', 'retrying', 'claimed') AND q.message_id IS NULL
    UNION ALL
    SELECT 'queue of ' || m.state || ' message ' || m.id, 'not in it', 'waiting in it'
      FROM messages m JOIN sending_queue q ON q.message_id = m.id
     WHERE m.state NOT IN ('planned', 'retrying', 'claimed')
    UNION ALL
    SELECT 'messages for one event, recipient and channel, such as ' || min(m.id::text), '1', count(*)::text
      FROM messages m GROUP BY m.clinic_id, m.about_event_id, m.step, m.recipient, m.channel HAVING count(*) > 1
    """
)


@dataclass(frozen=True)
class Contradiction:
    """Two figures of the log that should be one."""

    what: str
    expected: str
    found: str


async def contradictions(connection: AsyncConnection) -> list[Contradiction]:
    """What cannot be in a log that was kept well; nothing, that is (`ALL-8`)."""
    return [Contradiction(*row) for row in await connection.execute(_CONTRADICTIONS)]


async def known_clinics(connection: AsyncConnection) -> list[UUID]:
    """All clinics that were ever configured."""
    return list((await connection.execute(_CLINICS)).scalars())
