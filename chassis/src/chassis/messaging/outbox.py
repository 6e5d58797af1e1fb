"""The outbox: events are rows of the transaction that caused them, and are published after it has committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.identifiers import new_id
from chassis.messaging.tracing import TraceContext

BELL = "outbox"
KEPT_DAYS = 7
"""How long a published row stays, to be looked at; Kafka keeps the events themselves."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One event on its way out."""

    topic: str
    key: str
    type: str
    subject: UUID
    clinic_id: UUID
    sequence: int
    time: datetime
    data: bytes
    trace: TraceContext


_INSERT = text(
    """
    INSERT INTO outbox (event_id, topic, key, type, subject, clinic_id, sequence, time, data, traceparent, tracestate)
    SELECT * FROM unnest(
        CAST(:ids AS uuid[]), CAST(:topics AS text[]), CAST(:keys AS text[]), CAST(:types AS text[]),
        CAST(:subjects AS uuid[]), CAST(:clinics AS uuid[]), CAST(:sequences AS bigint[]),
        CAST(:times AS timestamptz[]), CAST(:datas AS bytea[]), CAST(:traceparents AS text[]),
        CAST(:tracestates AS text[]))
    """
)


async def insert(connection: AsyncConnection, events: Sequence[Outgoing]) -> None:
    """Write events into the outbox, in one round trip, in their order.

    Two transactions that change one aggregate hold its row lock until they commit, so the later one's rows have the
    higher ids: publishing by id keeps the order of each aggregate.
    """
    await connection.execute(
        _INSERT,
        {
            "ids": [new_id() for _ in events],
            "topics": [event.topic for event in events],
            "keys": [event.key for event in events],
            "types": [event.type for event in events],
            "subjects": [event.subject for event in events],
            "clinics": [event.clinic_id for event in events],
            "sequences": [event.sequence for event in events],
            "times": [event.time for event in events],
            "datas": [event.data for event in events],
            "traceparents": [event.trace.traceparent for event in events],
            "tracestates": [event.trace.tracestate for event in events],
        },
    )
