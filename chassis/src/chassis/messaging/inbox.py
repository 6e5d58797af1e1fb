"""The inbox: each message is handled once by a consumer, however often it is delivered (`ALL-7`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.messaging.message import Message

_CLAIM = text(
    """
    INSERT INTO inbox (consumer, event_id)
    SELECT :consumer, id FROM unnest(CAST(:ids AS text[])) AS m (id) ORDER BY id
    ON CONFLICT DO NOTHING
    RETURNING event_id
    """
)

_SEEN = text("SELECT event_id FROM inbox WHERE consumer = :consumer AND event_id = ANY(CAST(:ids AS text[]))")


async def claim(connection: AsyncConnection, consumer: str, messages: Sequence[Message]) -> list[Message]:
    """Enter messages into the inbox; returns the new ones, each once, in their order.

    It is the handler's transaction: if that rolls back, the messages are new again. `ON CONFLICT` rather than a caught
    violation, which would abort the transaction. Rows are kept for ever: a replay may reach any age.
    """
    ids = list(dict.fromkeys(message.id for message in messages))
    rows = await connection.execute(_CLAIM, {"consumer": consumer, "ids": ids})
    return _once(messages, {row.event_id for row in rows})


async def seen(connection: AsyncConnection, consumer: str, ids: Sequence[str]) -> set[str]:
    """Which of these messages were handled, or were decided never to be."""
    return set((await connection.scalars(_SEEN, {"consumer": consumer, "ids": list(ids)})).all())


def _once(messages: Iterable[Message], new: set[str]) -> list[Message]:
    kept: dict[str, Message] = {}
    for message in messages:
        if message.id in new:
            kept.setdefault(message.id, message)
    return list(kept.values())
