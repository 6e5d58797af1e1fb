"""The log of messages and the queue of what is due: written together, always."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from sqlalchemy import Row, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from notifications.domain.message import WAITING, Cause, Message, State, Subject
from notifications.domain.notice import Document, Notice
from notifications.domain.settings import Channel
from notifications.persistence.tables import attempts, messages, sending_queue

BELL = "messages_due"
"""Rung after a commit that made something due."""


@dataclass(frozen=True)
class Attempt:
    """One line of a message's history; only ever added."""

    message_id: UUID
    clinic_id: UUID
    number: int
    outcome: str
    detail: str | None


@dataclass(frozen=True)
class Due:
    """A message that is due, as the queue knows it."""

    message_id: UUID
    clinic_id: UUID


# Clinic by clinic, each by its own index: however much of one is due, the query looks at a few rows of it. Who has the
# least in work is first; among equals it is drawn, so that nobody is always last. What another worker is just leasing
# is passed over, and `due_at` looked at again in the row that is locked.
_LEASE = text(
    """
    WITH RECURSIVE queued AS (
        (SELECT clinic_id FROM sending_queue
          WHERE EXISTS (SELECT FROM sending_queue WHERE due_at <= :now) ORDER BY clinic_id LIMIT 1)
        UNION ALL
        SELECT (SELECT s.clinic_id FROM sending_queue s WHERE s.clinic_id > q.clinic_id ORDER BY s.clinic_id LIMIT 1)
          FROM queued q WHERE q.clinic_id IS NOT NULL),
    clinics AS MATERIALIZED (
        SELECT q.clinic_id, coalesce(b.in_work, 0) AS in_work
          FROM queued q
          LEFT JOIN unnest(CAST(:busy AS uuid[]), CAST(:in_work AS integer[])) AS b (clinic_id, in_work)
            ON b.clinic_id = q.clinic_id
         WHERE EXISTS (SELECT FROM sending_queue s WHERE s.clinic_id = q.clinic_id AND s.due_at <= :now)),
    firsts AS (
        SELECT f.message_id, c.in_work + f.place AS place
          FROM clinics c
         CROSS JOIN LATERAL (
               SELECT s.message_id, row_number() OVER (ORDER BY s.due_at) AS place
                 FROM sending_queue s WHERE s.clinic_id = c.clinic_id AND s.due_at <= :now
                ORDER BY s.due_at
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
    """
)

# Those on their way are taken too: who is about to write an address is waited for, and then seen.
_FORGET = text(
    """
    UPDATE messages AS m SET address = NULL, provider_answer = NULL
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:patients AS uuid[])) AS f (clinic_id, patient_id)
     WHERE m.clinic_id = f.clinic_id AND (m.patient_id = f.patient_id OR m.contact_of = f.patient_id)
       AND (num_nonnulls(m.address, m.provider_answer) > 0 OR m.state IN ('planned', 'claimed', 'retrying'))
    """
)
_FORGET_ATTEMPTS = text(
    """
    UPDATE attempts AS a SET detail = NULL
      FROM messages AS m
      JOIN unnest(CAST(:clinics AS uuid[]), CAST(:patients AS uuid[])) AS f (clinic_id, patient_id)
        ON m.clinic_id = f.clinic_id AND (m.patient_id = f.patient_id OR m.contact_of = f.patient_id)
     WHERE a.clinic_id = m.clinic_id AND a.message_id = m.id AND a.outcome <> 'suppressed' AND a.detail IS NOT NULL
    """
)


async def forget(work: Work, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Take from these patients' messages (clinic, patient) the address, and what providers and persons said of them.

    Theirs are also those of another record that went to their address while both were one (`ALL-10`).
    """
    given = {"clinics": [clinic for clinic, _ in who], "patients": [patient for _, patient in who]}
    for statement in (_FORGET, _FORGET_ATTEMPTS):
        await work.connection.execute(statement, given)


async def plan(work: Work, planned: Sequence[Message]) -> None:
    """Add messages that do not exist yet; what exists already stays as it is (`NOT-3`)."""
    if not planned:
        return
    await work.connection.execute(insert(messages).on_conflict_do_nothing(), [_row(message) for message in planned])
    added = select(messages.c.id, messages.c.clinic_id, messages.c.next_attempt_at).where(
        messages.c.id.in_([message.id for message in planned])
    )
    queued = insert(sending_queue).from_select(["message_id", "clinic_id", "due_at"], added)
    await work.connection.execute(queued)
    work.ring(BELL)


async def lease_due(
    work: Work, until: datetime, at_most: int, *, in_work: Mapping[UUID, int] | None = None, share: int | None = None
) -> list[Due]:
    """Take what is due away from others until a moment; if we die meanwhile, nothing was done and it is due again.

    Clinics take turns (`ALL-4`): first who has the least `in_work` (a number for each clinic), and of none more than
    makes its `share` of what is in work at once; `at_most` in all.
    """
    busy = in_work or {}
    given = {
        "now": work.now,
        "until": until,
        "at_most": at_most,
        "busy": list(busy),
        "in_work": list(busy.values()),
        "share": at_most if share is None else share,
    }
    rows = await work.connection.execute(_LEASE, given)
    return [Due(row.message_id, row.clinic_id) for row in rows]


async def settle(work: Work, message: Message, *, answers_to: Sequence[State] = WAITING, **changes: Any) -> int | None:
    """Change a message that is in one of the states `answers_to`; None where it is in another by now, else its version.

    The queue follows: a message with `next_attempt_at` is due then, any other is not.
    """
    changed = (
        update(messages)
        .where(messages.c.id == message.id, messages.c.state.in_([state.value for state in answers_to]))
        .values(version=messages.c.version + 1, **changes)
        .returning(messages.c.version)
    )
    version: int | None = (await work.connection.execute(changed)).scalar()
    if version is not None:
        await queue(work, message, changes.get("next_attempt_at"))
    return version


async def queue(work: Work, message: Message, due_at: datetime | None) -> None:
    """Make a message due at a moment, or never."""
    if due_at is None:
        await work.connection.execute(delete(sending_queue).where(sending_queue.c.message_id == message.id))
        return
    row = {"message_id": message.id, "clinic_id": message.clinic_id, "due_at": due_at}
    again = insert(sending_queue).values(row)
    again = again.on_conflict_do_update(index_elements=["message_id"], set_={"due_at": again.excluded.due_at})
    await work.connection.execute(again)


async def suppress(work: Work, causes: Mapping[UUID, Cause]) -> None:
    """Mark locked, waiting messages as not to be sent."""
    if not causes:
        return
    statement = (
        update(messages)
        .where(messages.c.id == bindparam("message"))
        .values(
            state=State.SUPPRESSED.value,
            cause=bindparam("why"),
            next_attempt_at=None,
            version=messages.c.version + 1,
        )
    )
    rows = [{"message": message_id, "why": cause.value} for message_id, cause in causes.items()]
    await work.connection.execute(statement, rows)
    await work.connection.execute(delete(sending_queue).where(sending_queue.c.message_id.in_(list(causes))))


async def defer(work: Work, moments: Mapping[UUID, datetime]) -> None:
    """Look at locked, waiting messages again at these moments."""
    if not moments:
        return
    rows = [{"message": message_id, "then": moment} for message_id, moment in moments.items()]
    later = update(messages).where(messages.c.id == bindparam("message")).values(next_attempt_at=bindparam("then"))
    await work.connection.execute(later, rows)
    queued = update(sending_queue).where(sending_queue.c.message_id == bindparam("message"))
    await work.connection.execute(queued.values(due_at=bindparam("then")), rows)


async def add_attempts(work: Work, made: Sequence[Attempt]) -> None:
    """Append to the messages' histories."""
    if not made:
        return
    rows = [
        {
            "id": new_id(),
            "clinic_id": one.clinic_id,
            "message_id": one.message_id,
            "number": one.number,
            "at": work.now,
            "outcome": one.outcome,
            "detail": one.detail,
            "by_subject": work.actor,
        }
        for one in made
    ]
    await work.connection.execute(insert(attempts), rows)


async def get(work: Work, message_id: UUID) -> Message | None:
    """One message, locked until the transaction ends."""
    statement = select(messages).where(messages.c.id == message_id).with_for_update()
    row = (await work.connection.execute(statement)).first()
    return message_of(row) if row else None


async def count_due(connection: AsyncConnection, clinic_id: UUID) -> int:
    """How many of a clinic's messages are on their way."""
    statement = select(func.count()).select_from(sending_queue).where(sending_queue.c.clinic_id == clinic_id)
    return await connection.scalar(statement) or 0


def message_of(row: Row[Any]) -> Message:
    """A message from its row."""
    return Message(
        id=row.id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        about_event_id=row.about_event_id,
        about_event_type=row.about_event_type,
        notice=Notice(row.notice),
        step=row.step,
        channel=Channel(row.channel),
        recipient=row.recipient,
        subject=_subject_of(row),
        state=State(row.state),
        planned_at=row.planned_at,
        next_attempt_at=row.next_attempt_at,
        attempts=row.attempts,
        first_failed_at=row.first_failed_at,
        cause=Cause(row.cause) if row.cause else None,
        address=row.address,
        contact_of=row.contact_of,
        template=row.template,
        template_version=row.template_version,
        language=row.language,
        provider_answer=row.provider_answer,
        claimed_at=row.claimed_at,
        sent_at=row.sent_at,
        traceparent=row.traceparent,
        tracestate=row.tracestate,
        version=row.version,
    )


def _subject_of(row: Row[Any]) -> Subject:
    body = row.subject
    return Subject(
        number=body["number"],
        amount_minor=body["amount_minor"],
        currency=body["currency"],
        at=datetime.fromisoformat(body["at"]) if body["at"] else None,
        due_date=body["due_date"],
        transaction_id=row.transaction_id,
        invoice_id=row.invoice_id,
        plan_id=row.plan_id,
        plan_version=body.get("plan_version"),
        installment_id=UUID(body["installment_id"]) if body.get("installment_id") else None,
        position=body.get("position"),
        installments=body.get("installments"),
        outstanding_minor=body.get("outstanding_minor"),
        document=Document(body["document"]) if body["document"] else None,
        document_id=UUID(body["document_id"]) if body["document_id"] else None,
        reopened=tuple(body["reopened"]),
    )


def _row(message: Message) -> dict[str, Any]:
    subject = message.subject
    return {
        "id": message.id,
        "clinic_id": message.clinic_id,
        "patient_id": message.patient_id,
        "about_event_id": message.about_event_id,
        "about_event_type": message.about_event_type,
        "notice": message.notice.value,
        "step": message.step,
        "channel": message.channel.value,
        "recipient": message.recipient,
        "subject": _subject_body(subject),
        "transaction_id": subject.transaction_id,
        "invoice_id": subject.invoice_id,
        "plan_id": subject.plan_id,
        "state": message.state.value,
        "planned_at": message.planned_at,
        "next_attempt_at": message.next_attempt_at,
        "attempts": 0,
        "template_version": 0,
        "traceparent": message.traceparent,
        "tracestate": message.tracestate,
        "version": 1,
    }


def _subject_body(subject: Subject) -> dict[str, Any]:
    return {
        "number": subject.number,
        "amount_minor": subject.amount_minor,
        "currency": subject.currency,
        "at": subject.at.isoformat() if subject.at else None,
        "due_date": subject.due_date,
        "plan_version": subject.plan_version,
        "installment_id": str(subject.installment_id) if subject.installment_id else None,
        "position": subject.position,
        "installments": subject.installments,
        "outstanding_minor": subject.outstanding_minor,
        "document": subject.document.value if subject.document else None,
        "document_id": str(subject.document_id) if subject.document_id else None,
        "reopened": [dict(one) for one in subject.reopened],
    }
