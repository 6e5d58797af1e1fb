"""The log of messages and the queue of what is due: written together, always."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.database.rows import Record, Rows, rows_as, values_of
from chassis.identifiers import new_id
from pydantic import TypeAdapter
from sqlalchemy import Integer, SmallInteger, TextClause, Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.message import ON_THE_WAY, WAITING, Attempt, DueMessage, Message, State, Subject
from notifications.domain.notice import Priority
from notifications.persistence.patients import KEYS, keys_of
from notifications.persistence.tables import ATTEMPTS, MESSAGES, MOMENT, SENDING_QUEUE

BELL = "messages_due"
"""Rung after a commit that made something due."""

Told = tuple[UUID, str, str, str, str]
"""What makes a message one (`NOT-3.1`): clinic, event, step, recipient and channel."""
_MESSAGE = TypeAdapter(Message)
_SUBJECT = TypeAdapter(Subject)
_OF_SUBJECT = ("transaction_id", "invoice_id", "plan_id")
"""Members of a subject that have columns of their own."""
_PLANNED = (
    "id clinic_id patient_id about_event_id about_event_type notice step channel recipient subject transaction_id "
    "invoice_id plan_id state planned_at next_attempt_at traceparent tracestate copy_of priority"
).split()
_ROWS = Rows(MESSAGES, _PLANNED)
_HOW_IT_ENDED = ("cause", "attempts", "sent_at", "template", "template_version", "version")
_ENDED_ROWS = Rows(MESSAGES, [*_PLANNED, *_HOW_IT_ENDED])
_ATTEMPT_ROWS = Rows(ATTEMPTS)
_QUEUED = Rows(SENDING_QUEUE, ["message_id", "due_at"])
_IN_WORK = values_of(clinic_id=Uuid(), in_work=Integer())
_PRIORITIES = values_of(priority=SmallInteger())

_SCHEDULE = text(
    f"""
    WITH added AS ({_ROWS.inserting()} ON CONFLICT DO NOTHING RETURNING id, clinic_id, next_attempt_at, priority)
    INSERT INTO sending_queue (message_id, clinic_id, due_at, priority)
    SELECT id, clinic_id, next_attempt_at, priority FROM added
    """  # noqa: S608 - constants
)
# Clinic by clinic, each priority by its own part of an index: however much of one is due, the query looks at a few
# rows of it. Who has the least in work is first; among equals it is drawn, so that nobody is always last. What another
# worker is just leasing is passed over, and `due_at` looked at again in the row that is locked.
_LEASE = text(
    f"""
    WITH RECURSIVE queued AS (
        (SELECT clinic_id FROM sending_queue
          WHERE EXISTS (SELECT FROM sending_queue WHERE due_at <= :now) ORDER BY clinic_id LIMIT 1)
        UNION ALL
        SELECT (SELECT s.clinic_id FROM sending_queue s WHERE s.clinic_id > q.clinic_id ORDER BY s.clinic_id LIMIT 1)
          FROM queued q WHERE q.clinic_id IS NOT NULL),
    clinics AS MATERIALIZED (
        SELECT q.clinic_id, coalesce(b.in_work, 0) AS in_work
          FROM queued q
          LEFT JOIN {_IN_WORK.given(alias="b")} ON b.clinic_id = q.clinic_id
         WHERE EXISTS (SELECT FROM {_PRIORITIES.given(alias="p")}
                        CROSS JOIN LATERAL (SELECT FROM sending_queue s WHERE s.clinic_id = q.clinic_id
                                               AND s.priority = p.priority AND s.due_at <= :now LIMIT 1) s)),
    firsts AS (
        SELECT f.message_id, c.in_work + f.place AS place
          FROM clinics c
         CROSS JOIN LATERAL (
               SELECT d.message_id, row_number() OVER (ORDER BY d.priority, d.due_at) AS place
                 FROM {_PRIORITIES.given(alias="p")}
                CROSS JOIN LATERAL (
                      SELECT s.message_id, s.priority, s.due_at FROM sending_queue s
                       WHERE s.clinic_id = c.clinic_id AND s.priority = p.priority AND s.due_at <= :now
                       ORDER BY s.due_at LIMIT CAST(:at_most AS integer) * 2) d
                ORDER BY d.priority, d.due_at
                LIMIT greatest(0, least(CAST(:share AS integer) - c.in_work,
                                        (SELECT 2 + 2 * CAST(:at_most AS integer) / count(*) FROM clinics)))) f
         ORDER BY place, random() LIMIT 2 * CAST(:at_most AS integer)),
    taken AS MATERIALIZED (SELECT array_agg(message_id ORDER BY place) AS ids FROM firsts)
    UPDATE sending_queue SET due_at = :until
     WHERE message_id IN (
           SELECT message_id FROM sending_queue
            WHERE message_id = ANY (CAST((SELECT ids FROM taken) AS uuid[])) AND due_at <= :now
            ORDER BY array_position((SELECT ids FROM taken), message_id)
            LIMIT CAST(:at_most AS integer) FOR UPDATE SKIP LOCKED)
    RETURNING message_id, clinic_id
    """  # noqa: S608 - constants
)

# Those on their way are taken too: who is about to write an address is waited for, and then seen.
_FORGET = text(
    f"""
    UPDATE messages AS m SET address = NULL, provider_answer = NULL FROM {KEYS.given(alias="f")}
     WHERE m.clinic_id = f.clinic_id AND (m.patient_id = f.patient_id OR m.contact_of = f.patient_id)
       AND (num_nonnulls(m.address, m.provider_answer) > 0 OR m.state IN ('planned', 'claimed', 'retrying'))
    """  # noqa: S608 - constants
)
_FORGET_ATTEMPTS = text(
    f"""
    UPDATE attempts AS a SET detail = NULL
      FROM messages AS m
      JOIN {KEYS.given(alias="f")}
        ON m.clinic_id = f.clinic_id AND (m.patient_id = f.patient_id OR m.contact_of = f.patient_id)
     WHERE a.clinic_id = m.clinic_id AND a.message_id = m.id AND a.outcome <> 'suppressed' AND a.detail IS NOT NULL
    """  # noqa: S608 - constants
)
_DEFER = text(
    f"""
    WITH queued AS (
        UPDATE sending_queue AS q SET due_at = r.due_at FROM {_QUEUED.given(alias="r")}
         WHERE q.message_id = r.message_id RETURNING q.message_id, q.due_at)
    UPDATE messages AS m SET next_attempt_at = q.due_at FROM queued AS q WHERE m.id = q.message_id
    """  # noqa: S608 - constants
)
_TAKE_OVER = text(
    f"""
    WITH taken AS (
        {_ENDED_ROWS.inserting()}
        ON CONFLICT ON CONSTRAINT messages_once DO UPDATE
           SET state = excluded.state, cause = excluded.cause, attempts = excluded.attempts,
               sent_at = excluded.sent_at, next_attempt_at = NULL, version = messages.version + 1
         WHERE messages.state IN ('planned', 'claimed', 'retrying')
        RETURNING id, clinic_id, about_event_id, step, recipient, channel),
    unqueued AS (DELETE FROM sending_queue AS q USING taken AS t WHERE q.message_id = t.id)
    SELECT * FROM taken
    """  # noqa: S608 - constants
)
_UNQUEUE = text("DELETE FROM sending_queue WHERE message_id = ANY(CAST(:ids AS uuid[]))")
_LOCK = text("SELECT * FROM messages WHERE id = :id FOR UPDATE")
_LOCK_ALL = text("SELECT * FROM messages WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE")
_COPY_ON_THE_WAY = text(
    """
    SELECT * FROM messages
     WHERE clinic_id = :clinic_id AND about_event_id = :about_event_id AND copy_of = :copy_of
       AND state = ANY(CAST(:states AS text[])) LIMIT 1
    """
)
_COUNT_DUE = text(
    f"SELECT count(*) FROM sending_queue WHERE clinic_id = :clinic_id AND priority < {Priority.WEBHOOKS.value}"  # noqa: S608
)


async def forget(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Take from these patients' messages (clinic, patient) the address, and what providers and persons said of them.

    Theirs are also those of another record that went to their address while both were one (`ALL-10`).
    """
    for statement in (_FORGET, _FORGET_ATTEMPTS):
        await work.connection.execute(statement, keys_of(who))


async def schedule(work: Work, scheduled: Sequence[Message]) -> None:
    """Add messages that do not exist yet; what exists already stays as it is (`NOT-3`)."""
    if scheduled:
        await work.connection.execute(_SCHEDULE, _ROWS.arrays(_row(message) for message in scheduled))
        work.ring(BELL)


async def lease_due(
    work: Work,
    until: datetime,
    at_most: int,
    *,
    priorities: Collection[Priority] = tuple(Priority),
    in_work: Mapping[UUID, int] | None = None,
    share: int | None = None,
) -> list[DueMessage]:
    """Take what is due away from others until a moment; if we die meanwhile, nothing was done and it is due again.

    Clinics take turns (`ALL-4`): first who has the least `in_work` (a number for each clinic), and of none more than
    makes its `share` of what is in work at once; `at_most` in all. Of each clinic's it takes the first of the
    highest of these `priorities` (`NOT-3.5`).
    """
    busy = [{"clinic_id": clinic_id, "in_work": messages} for clinic_id, messages in (in_work or {}).items()]
    wanted = _PRIORITIES.arrays({"priority": priority.value} for priority in priorities)
    limits = wanted | {
        "now": work.now,
        "until": until,
        "at_most": at_most,
        "share": at_most if share is None else share,
    }
    return rows_as(DueMessage, await work.connection.execute(_LEASE, _IN_WORK.arrays(busy) | limits))


async def change(work: Work, changes: Sequence[Record], *, answers_to: Sequence[State] = WAITING) -> dict[UUID, int]:
    """Change messages that are in one of the states `answers_to`: by id, the version that each has now.

    A message that is in another state by now is left out. Each change has the message's `id`, the columns that change,
    the same in all of them, and `due_at`: when the message is due again, or None for never.
    """
    if not changes:
        return {}
    rows, statement = _changing(tuple(changes[0]))
    given = rows.arrays(changes) | {"states": [state.value for state in answers_to]}
    return {row.id: row.version for row in await work.connection.execute(statement, given)}


@cache
def _changing(columns: tuple[str, ...]) -> tuple[Rows, TextClause]:
    rows = values_of(**{name: MOMENT if name == "due_at" else MESSAGES.columns[name].type for name in columns})
    return rows, text(
        f"""
        WITH changed AS (
            UPDATE messages AS m SET {rows.setting("r", "id", "due_at")}, version = m.version + 1
              FROM {rows.given(alias="r")} WHERE m.id = r.id AND m.state = ANY(CAST(:states AS text[]))
            RETURNING m.id, m.clinic_id, m.version, m.priority, r.due_at),
        done AS (DELETE FROM sending_queue AS q USING changed AS c WHERE q.message_id = c.id AND c.due_at IS NULL),
        queued AS (
            INSERT INTO sending_queue (message_id, clinic_id, due_at, priority)
            SELECT id, clinic_id, due_at, priority FROM changed WHERE due_at IS NOT NULL
            ON CONFLICT (message_id) DO UPDATE SET due_at = excluded.due_at, priority = excluded.priority)
        SELECT id, version FROM changed
        """  # noqa: S608 - constants
    )


async def defer(work: Work, moments: Mapping[UUID, datetime]) -> None:
    """Check locked, waiting messages again at these moments."""
    if moments:
        rows = [{"message_id": message_id, "due_at": moment} for message_id, moment in moments.items()]
        await work.connection.execute(_DEFER, _QUEUED.arrays(rows))


async def take_over(work: Work, ended: Sequence[Message]) -> dict[Told, UUID]:
    """Add messages that have ended, or end those of the same events that are on their way (`NOT-3`).

    The ids that they have here, by what makes each one message; those that had ended before are left out.
    """
    rows = [{**_row(message), **{name: getattr(message, name) for name in _HOW_IT_ENDED}} for message in ended]
    if not rows:
        return {}
    found = await work.connection.execute(_TAKE_OVER, _ENDED_ROWS.arrays(rows))
    return {told_of(row): row.id for row in found}


def told_of(message: Any) -> Told:
    """What makes a message one, of a message or its row."""
    return message.clinic_id, message.about_event_id, message.step, message.recipient, message.channel


async def unqueue(work: Work, message_ids: Sequence[UUID]) -> None:
    """Let messages be due no more."""
    await work.connection.execute(_UNQUEUE, {"ids": list(message_ids)})


async def add_attempts(work: Work, made: Sequence[Attempt]) -> None:
    """Append to the messages' histories."""
    await _ATTEMPT_ROWS.insert(work.connection, [{"id": new_id(), **asdict(attempt)} for attempt in made])


async def get(work: Work, message_id: UUID) -> Message | None:
    """One message, locked until the transaction ends."""
    row = (await work.connection.execute(_LOCK, {"id": message_id})).mappings().first()
    return message_of(row) if row else None


async def locked(work: Work, message_ids: Sequence[UUID]) -> list[Message]:
    """These messages, as far as there are such, locked until the transaction ends."""
    found = await work.connection.execute(_LOCK_ALL, {"ids": list(message_ids)})
    return [message_of(row) for row in found.mappings()]


async def copy_on_the_way(work: Work, message: Message) -> Message | None:
    """A copy of a message, or another one of what that is a copy of, that is on its way."""
    given = {
        "clinic_id": message.clinic_id,
        "about_event_id": message.about_event_id,
        "copy_of": message.copy_of or message.id,
        "states": [state.value for state in ON_THE_WAY],
    }
    row = (await work.connection.execute(_COPY_ON_THE_WAY, given)).mappings().first()
    return message_of(row) if row else None


async def count_due(connection: AsyncConnection, clinic_id: UUID) -> int:
    """How many of a clinic's messages are on their way."""
    return await connection.scalar(_COUNT_DUE, {"clinic_id": clinic_id}) or 0


def message_of(row: Mapping[Any, Any]) -> Message:
    """A message from its row."""
    subject = {**row["subject"], **{name: row[name] for name in _OF_SUBJECT}}
    return _MESSAGE.validate_python({**row, "subject": subject})


def _row(message: Message) -> Record:
    subject = message.subject
    return {
        **{name: getattr(message, name) for name in _PLANNED if name not in _OF_SUBJECT},
        **{name: getattr(subject, name) for name in _OF_SUBJECT},
        "subject": _SUBJECT.dump_python(subject, mode="json", exclude=set(_OF_SUBJECT)),
    }
