"""Messages that are set aside: why, what waits behind them, and how they are tried again or dismissed (`ALL-7`).

`waiting` rows are tried again by themselves with growing delays (what they need has not arrived, or they stand behind
one of their lane); `dead` rows wait for a person. Both make later messages of their topic, clinic and key wait behind
them, and no other clinic's (`ALL-4`). `handled` and `dismissed` rows stay as the record of what was decided: what was
handled is kept without its data, which may be personal, and what was dismissed loses it after a time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database.machinery import every_clinic
from chassis.messaging.cloudevents import NO_CLINIC
from chassis.messaging.mentions import mentions_of
from chassis.messaging.message import Kept, Lane, Message
from chassis.trace_context import TraceContext

FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 60.0
GIVEN_UP_AFTER_HOURS = 24
DUE_CANDIDATES = 5_000
"""Among so many the next to be tried are chosen: what one look reads is bounded, however many are due."""

_BLOCKED = text(
    """
    SELECT DISTINCT clinic_id, key FROM dead_letters
     WHERE consumer = :consumer AND topic = :topic AND state IN ('waiting', 'dead') AND key = ANY(CAST(:keys AS text[]))
    """
)
_INSERT = text(
    """
    INSERT INTO dead_letters (consumer, topic, partition, "offset", key, event_id, type, clinic_id, subject, sequence,
                              time, data, traceparent, tracestate, state, reason)
    VALUES (:consumer, :topic, :partition, :offset, :key, :event_id, :type, :clinic_id, :subject, :sequence,
            :time, :data, :traceparent, :tracestate, :state, :reason)
    ON CONFLICT (consumer, event_id) WHERE state IN ('waiting', 'dead') DO NOTHING
    """
)
# Clinics take turns (`ALL-4`). The candidates are those that have been due longest: none is left out for ever.
_DUE = text(
    """
    SELECT id, clinic_id
      FROM (SELECT id, clinic_id, row_number() OVER (PARTITION BY clinic_id ORDER BY id) AS turn
              FROM (SELECT d.id, d.clinic_id FROM dead_letters d
                     WHERE d.consumer = :consumer AND d.state = 'waiting' AND d.next_attempt_at <= clock_timestamp()
                       AND NOT EXISTS (SELECT 1 FROM dead_letters e
                                        WHERE e.consumer = d.consumer AND e.topic = d.topic AND e.key = d.key
                                          AND e.id < d.id AND e.clinic_id IS NOT DISTINCT FROM d.clinic_id
                                          AND e.state IN ('waiting', 'dead'))
                     ORDER BY d.next_attempt_at LIMIT :candidates) AS candidates) AS in_turn
     ORDER BY turn, id LIMIT :most
    """
)
# Another process may have tried it since it was found due: its delay holds for all. Nobody waits for the disk: what a
# process has counted outlives it, if not always the server's machine.
_BEGIN = text(
    """
    UPDATE dead_letters
       SET attempts = attempts + 1,
           next_attempt_at = clock_timestamp()
               + make_interval(secs => least(:longest, :first * power(2, least(attempts, 20))))
     WHERE id = (SELECT id FROM dead_letters
                  WHERE id = :id AND state = 'waiting' AND next_attempt_at <= clock_timestamp()
                    FOR UPDATE SKIP LOCKED)
    RETURNING attempts, set_config('synchronous_commit', 'off', true)
    """
)
_LOCK_BEGUN = text(
    """
    SELECT *, clock_timestamp() - set_aside_at AS waited FROM dead_letters
     WHERE id = :id AND state = 'waiting' AND attempts = :attempt FOR UPDATE SKIP LOCKED
    """
)
# These are waited for: an operator may be deciding on one in the middle, and what is behind it must not overtake it.
_LOCK_BEHIND = text(
    """
    SELECT *, clock_timestamp() - set_aside_at AS waited FROM dead_letters
     WHERE consumer = :consumer AND topic = :topic AND key = :key AND id > :id AND state IN ('waiting', 'dead')
       AND clinic_id IS NOT DISTINCT FROM CAST(:clinic AS uuid)
     ORDER BY id LIMIT :most FOR UPDATE
    """
)
_WAITING = text("SELECT EXISTS (SELECT 1 FROM dead_letters WHERE consumer = :consumer AND state = 'waiting')")
_DELAY = text(
    """
    UPDATE dead_letters
       SET reason = :reason,
           state = CASE WHEN :dead OR set_aside_at < clock_timestamp() - CAST(:given_up_after AS interval)
                        THEN 'dead' ELSE 'waiting' END,
           next_attempt_at = clock_timestamp()
               + make_interval(secs => least(:longest, :first * power(2, least(attempts - 1, 20))))
     WHERE id = :id
    """
)
_RESOLVE = text(
    """
    UPDATE dead_letters
       SET state = :state, resolved_at = clock_timestamp(), resolved_by = :by, resolved_because = :because,
           data = CASE WHEN :state = 'handled' THEN '' ELSE data END
     WHERE id = ANY(CAST(:ids AS bigint[])) AND state IN ('waiting', 'dead')
    RETURNING id, consumer, event_id
    """
)
_REVIVE = text(
    """
    UPDATE dead_letters
       SET state = 'waiting', next_attempt_at = clock_timestamp(), set_aside_at = clock_timestamp(), resolved_by = :by,
           resolved_because = :because
     WHERE id = ANY(CAST(:ids AS bigint[])) AND state IN ('waiting', 'dead')
    RETURNING id
    """
)
_REOPEN = text(
    """
    INSERT INTO dead_letters (consumer, topic, partition, "offset", key, event_id, type, clinic_id, subject, sequence,
                              time, data, traceparent, tracestate, state, reason, resolved_by, resolved_because)
    SELECT consumer, topic, partition, "offset", key, event_id || '/reopened/' || id, type, clinic_id, subject,
           sequence, time, data, traceparent, tracestate, 'waiting', reason, :by, :because
      FROM dead_letters
     WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'dismissed' AND octet_length(data) > 0 ORDER BY id
    ON CONFLICT (consumer, event_id) WHERE state IN ('waiting', 'dead') DO NOTHING
    RETURNING id, split_part(event_id, '/reopened/', -1)::bigint AS dismissed
    """
)
# What was dismissed, reopened and handled in the end is in the rows of each dismissal, too.
_EMPTY_DISMISSED = text(
    """
    UPDATE dead_letters d SET data = ''
      FROM (SELECT consumer, split_part(event_id, '/reopened/', 1) AS event_id FROM dead_letters
             WHERE id = ANY(CAST(:ids AS bigint[])) AND event_id LIKE '%/reopened/%') AS h
     WHERE d.consumer = h.consumer AND d.state = 'dismissed'
       AND (d.event_id = h.event_id OR starts_with(d.event_id, h.event_id || '/reopened/'))
    """
)
_EMPTY_OLD = text(
    """
    UPDATE dead_letters SET data = ''
     WHERE id IN (SELECT id FROM dead_letters
                   WHERE state = 'dismissed' AND octet_length(data) > 0
                     AND resolved_at < clock_timestamp() - make_interval(days => :days)
                   LIMIT :most)
    """
)
# What was handled has no data. An event in structured mode may have its own in base64, where no id is seen.
_THAT_MAY_NAME = text(
    """
    SELECT id, clinic_id, key, sequence, state, data FROM dead_letters
     WHERE (state IN ('waiting', 'dead') OR (state = 'dismissed' AND octet_length(data) > 0))
       AND ((clinic_id, key) IN (SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:keys AS text[])))
            OR position('data_base64' IN data) > 0
            OR EXISTS (SELECT FROM unnest(CAST(:keys AS text[])) AS named (key)
                        WHERE position(convert_to(named.key, 'UTF8') IN data) > 0
                           OR position(convert_to(upper(named.key), 'UTF8') IN data) > 0))
     ORDER BY id FOR UPDATE
    """
)
_REWRITE = text(
    """
    UPDATE dead_letters AS d SET data = r.data
      FROM unnest(CAST(:ids AS bigint[]), CAST(:datas AS bytea[])) AS r (id, data) WHERE d.id = r.id
    """
)
_LIST = text(
    """
    SELECT id, consumer, topic, partition, "offset", key, event_id, type, clinic_id, subject, state, reason, attempts,
           set_aside_at, next_attempt_at, resolved_at, resolved_by, resolved_because
      FROM dead_letters WHERE state = ANY(CAST(:states AS text[])) AND id > :after ORDER BY id LIMIT :most
    """
)
_WITHOUT_DATA = text(
    "SELECT id FROM dead_letters WHERE id = ANY(CAST(:ids AS bigint[])) AND state = 'dismissed' AND data = ''"
)
_SEEN = text("INSERT INTO inbox (consumer, event_id) VALUES (:consumer, :event_id) ON CONFLICT DO NOTHING")
_COUNT = text("SELECT state, count(*) AS letters FROM dead_letters WHERE state IN ('waiting', 'dead') GROUP BY state")


async def blocked_lanes(
    connection: AsyncConnection, consumer: str, topic: str, messages: Sequence[Message]
) -> set[Lane]:
    """The lanes of these messages, of one topic, that have a message set aside."""
    parameters = {"consumer": consumer, "topic": topic, "keys": sorted({message.key for message in messages})}
    return {(row.clinic_id or NO_CLINIC, row.key) for row in await connection.execute(_BLOCKED, parameters)}


async def set_aside(connection: AsyncConnection, consumer: str, kept: Sequence[Kept]) -> None:
    """Keep messages, in this order; one that is set aside already is not kept twice."""
    if kept:
        await connection.execute(_INSERT, [_parameters(consumer, one.message, one.state, one.reason) for one in kept])


async def due(connection: AsyncConnection, consumer: str, most: int) -> Sequence[Row[Any]]:
    """Waiting messages whose time has come, the first of each lane: their ids and clinics.

    Of every clinic, one of each in turn: no clinic's thousand come before another's one (`ALL-4`).
    """
    async with every_clinic(connection):
        rows = await connection.execute(_DUE, {"consumer": consumer, "most": most, "candidates": DUE_CANDIDATES})
    return rows.all()


async def any_waiting(connection: AsyncConnection, consumer: str) -> bool:
    """Whether any message is waiting, due or not, of whichever clinic."""
    async with every_clinic(connection):
        return bool(await connection.scalar(_WAITING, {"consumer": consumer}))


async def begin(connection: AsyncConnection, letter_id: int) -> int | None:
    """Count an attempt that is about to be made; returns which it is. To be committed before it is made.

    So a process that dies of a message has counted it, and leaves the delay behind. None where another process is at it
    or has just tried it, or where it is resolved.
    """
    delays = {"longest": LONGEST_DELAY_SECONDS, "first": FIRST_DELAY_SECONDS}
    begun = (await connection.execute(_BEGIN, {"id": letter_id} | delays)).one_or_none()
    return None if begun is None else int(begun.attempts)


async def locked(connection: AsyncConnection, letter_id: int, attempt: int) -> Row[Any] | None:
    """A waiting message whose attempt was begun, locked until the transaction ends; None where that is no longer so."""
    return (await connection.execute(_LOCK_BEGUN, {"id": letter_id, "attempt": attempt})).one_or_none()


async def behind(connection: AsyncConnection, letter: Row[Any], most: int) -> Sequence[Row[Any]]:
    """What waits right behind a message in its lane, at most `most`, up to one that is dead; locked, too."""
    place = {"consumer": letter.consumer, "topic": letter.topic, "key": letter.key, "clinic": letter.clinic_id}
    rows = (await connection.execute(_LOCK_BEHIND, place | {"id": letter.id, "most": most})).all()
    return list(takewhile(lambda row: row.state == "waiting", rows))


async def delay(connection: AsyncConnection, letter_id: int, reason: str, *, dead: bool) -> None:
    """After a failed attempt: try again later, or no more."""
    parameters = {
        "id": letter_id,
        "reason": reason,
        "dead": dead,
        "given_up_after": timedelta(hours=GIVEN_UP_AFTER_HOURS),
        "longest": LONGEST_DELAY_SECONDS,
        "first": FIRST_DELAY_SECONDS,
    }
    await connection.execute(_DELAY, parameters)


async def handled(connection: AsyncConnection, letter_ids: Sequence[int]) -> None:
    """An attempt succeeded; what waits behind them is due."""
    ids = list(letter_ids)
    await connection.execute(_RESOLVE, {"ids": ids, "state": "handled", "by": "consumer", "because": None})
    await connection.execute(_EMPTY_DISMISSED, {"ids": ids})


async def replay(connection: AsyncConnection, ids: Sequence[int], by: str, because: str) -> list[int]:
    """Have dead or waiting messages tried again at once, with who and why; returns those that were open."""
    parameters = {"ids": list(ids), "by": by, "because": because}
    async with every_clinic(connection):
        return [row.id for row in await connection.execute(_REVIVE, parameters)]


async def dismiss(connection: AsyncConnection, ids: Sequence[int], by: str, because: str) -> list[int]:
    """Decide that messages will never be handled, with who and why; what waits behind them goes on.

    They are entered into the inbox, so that a later replay of the topic does not bring them back.
    """
    parameters = {"ids": list(ids), "state": "dismissed", "by": by, "because": because}
    async with every_clinic(connection):
        rows = (await connection.execute(_RESOLVE, parameters)).all()
    for row in rows:
        await connection.execute(_SEEN, {"consumer": row.consumer, "event_id": row.event_id})
    return [row.id for row in rows]


async def reopen(connection: AsyncConnection, ids: Sequence[int], by: str, because: str) -> dict[int, int]:
    """Take dismissals back, with who and why: the new id of each message that was dismissed, by its old one.

    The dismissed row stays as the record of that decision. Its message is tried again as one of its own (it is in the
    inbox by its first id), behind what is set aside of its lane by now; what had gone on in its stead stays done. One
    that is open again already is left out, and so is one whose data is gone (`without_data`): it was handled after it
    was reopened, or was dismissed long ago.
    """
    async with every_clinic(connection):
        rows = await connection.execute(_REOPEN, {"ids": list(ids), "by": by, "because": because})
        return {row.dismissed: row.id for row in rows}


async def without_data(connection: AsyncConnection, ids: Sequence[int]) -> list[int]:
    """Those of these dismissed messages that are kept without their data: only whoever sent them has it."""
    async with every_clinic(connection):
        return [row.id for row in await connection.execute(_WITHOUT_DATA, {"ids": list(ids)})]


async def empty_dismissed(connection: AsyncConnection, days: int, most: int) -> int:
    """Take the data from messages that were dismissed so many days ago, `most` at most; how many there were."""
    async with every_clinic(connection):
        return (await connection.execute(_EMPTY_OLD, {"days": days, "most": most})).rowcount


async def forget(connection: AsyncConnection, lanes: Collection[Lane], without: Callable[[bytes], bytes]) -> None:
    """Leave in what is set aside of these lanes only what `without` leaves of it; of what was decided upon, nothing.

    So in what is of another lane, perhaps of another clinic's, and names somebody of these. What is open is still
    handled: it may be about money. Bytes that are no event's, and so never are, are emptied.
    """
    pairs = sorted(lanes)
    values = {"clinics": [clinic for clinic, _ in pairs], "keys": [key for _, key in pairs]}
    async with every_clinic(connection):
        rows = [row for row in await connection.execute(_THAT_MAY_NAME, values) if _names(row, pairs)]
        datas = [without(bytes(row.data)) if row.state in ("waiting", "dead") else b"" for row in rows]
        if rows:
            await connection.execute(_REWRITE, {"ids": [row.id for row in rows], "datas": datas})


def _names(row: Row[Any], lanes: Sequence[Lane]) -> bool:
    own = (row.clinic_id or NO_CLINIC, row.key)
    mentioned = mentions_of(own, row.sequence, bytes(row.data))
    return own in lanes or any(mentioned.include(lane) for lane in lanes)


async def listed(
    connection: AsyncConnection, states: Sequence[str] = ("waiting", "dead"), *, after: int = 0, most: int = 100
) -> Sequence[Row[Any]]:
    """What is set aside of every clinic, oldest first, without the data, which may be personal."""
    parameters = {"states": list(states), "after": after, "most": most}
    async with every_clinic(connection):
        return (await connection.execute(_LIST, parameters)).all()


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """How many messages are waiting and dead, of every clinic."""
    async with every_clinic(connection):
        return {row.state: row.letters for row in await connection.execute(_COUNT)}


def message_of(row: Row[Any]) -> Message:
    """A message as it was when it was set aside."""
    return Message(
        id=row.event_id,
        type=row.type,
        source="",
        subject=row.subject,
        clinic_id=row.clinic_id or NO_CLINIC,
        sequence=row.sequence,
        time=row.time,
        key=row.key,
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        data=row.data,
        trace=TraceContext(row.traceparent),
        waited=row.waited,
    )


def _parameters(consumer: str, message: Message, state: str, reason: str) -> dict[str, Any]:
    return {
        "consumer": consumer,
        "topic": message.topic,
        "partition": message.partition,
        "offset": message.offset,
        "key": message.key,
        "event_id": message.id,
        "type": message.type,
        "clinic_id": message.clinic_id if message.clinic_id != NO_CLINIC else None,
        "subject": message.subject,
        "sequence": message.sequence,
        "time": message.time,
        "data": message.data,
        "traceparent": message.trace.traceparent,
        "tracestate": message.trace.tracestate,
        "state": state,
        "reason": reason[:1000],
    }
