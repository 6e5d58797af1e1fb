"""The outbox: events are rows of the transaction that caused them, and are published after it has committed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.driver import Statement, driver_of
from chassis.identifiers import new_id
from chassis.trace_context import TraceContext

BELL = "outbox"
LARGEST_EVENT_BYTES = 4 * 1024 * 1024 - 64 * 1024
"""Of an event's data: what topics take (`max.message.bytes`), less its key, its headers and what Kafka adds."""
KEPT_DAYS = 7
"""How long a published row stays, to be looked at: which event it was, and not what it said. Kafka has that."""
MARK_PUBLISHED = """
UPDATE outbox SET published_at = clock_timestamp(), data = '' WHERE id = ANY($1::bigint[])
"""
"""What was published is kept without its data, which may be personal."""


class EventTooLarge(ValueError):
    """An event that no topic takes; the text names its type and sizes, and nothing of what it says (`ALL-6`)."""

    def __init__(self, event_type: str, size: int) -> None:
        super().__init__(f"{event_type} would be of {size} bytes, an event has at most {LARGEST_EVENT_BYTES}")


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


@dataclass(frozen=True, slots=True)
class PiggybackStatement:
    """A statement that writes in the same round trip as the outbox, and its values."""

    statement: Statement
    values: Mapping[str, Any]


_INSERT = """
    INSERT INTO outbox (event_id, topic, key, type, subject, clinic_id, sequence, time, data, traceparent, tracestate)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::bigint[],
                         $8::timestamptz[], $9::bytea[], $10::text[], $11::text[])
"""

_PARAMETERS = 11


async def insert(
    connection: AsyncConnection, events: Sequence[Outgoing], piggyback: Sequence[PiggybackStatement] = ()
) -> None:
    """Write events into the outbox in their order, and what is written with them, in one round trip.

    Two transactions that change one aggregate hold its row lock until they commit, so the later one's rows have the
    higher ids: publishing by id keeps the order of each aggregate.
    """
    driver = await driver_of(connection)
    await driver.execute(
        _together([one.statement for one in piggyback]),
        [new_id() for _ in events],
        [event.topic for event in events],
        [event.key for event in events],
        [event.type for event in events],
        [event.subject for event in events],
        [event.clinic_id for event in events],
        [event.sequence for event in events],
        [event.time for event in events],
        [event.data for event in events],
        [event.trace.traceparent for event in events],
        [event.trace.tracestate for event in events],
        *(value for one in piggyback for value in one.statement.arguments(one.values)),
    )


def _together(statements: Sequence[Statement]) -> str:
    """The statements before the outbox's own, their parameters counted on behind its."""
    parts, first = [], _PARAMETERS + 1
    for place, statement in enumerate(statements):
        parts.append(f"piggyback_{place} AS ({statement.numbered_from(first)})")
        first += statement.parameters
    return f"WITH {', '.join(parts)} {_INSERT}" if parts else _INSERT
