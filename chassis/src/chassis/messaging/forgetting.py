"""Forgetting somebody: what the chassis keeps of the messages and answers about them, besides the service's own tables.

Whose messages they are is told by their lanes; what of a document names a person, by the service.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis.database import forgotten
from chassis.database.merged_records import Merged, merge
from chassis.messaging import dead_letters
from chassis.messaging.message import Lane

_ANSWERS = text(
    """
    WITH m AS MATERIALIZED (
        SELECT g.clinic_id, one.record_id::text AS mentioned
          FROM unnest(CAST(:clinics AS uuid[]), CAST(:mentioned AS uuid[])) AS g (clinic_id, record_id)
         CROSS JOIN LATERAL unnest(records_of(g.clinic_id, g.record_id)) AS one (record_id))
    SELECT k.clinic_id, k.key, k.body FROM idempotency_keys AS k
     WHERE EXISTS (SELECT FROM m
                    WHERE m.clinic_id = k.clinic_id AND position(convert_to(m.mentioned, 'UTF8') IN k.body) > 0)
     ORDER BY k.clinic_id, k.key FOR UPDATE
    """
)
_REWRITE = text(
    """
    UPDATE idempotency_keys AS k SET body = r.body
      FROM unnest(CAST(:clinics AS uuid[]), CAST(:keys AS text[]), CAST(:bodies AS bytea[])) AS r (clinic_id, key, body)
     WHERE k.clinic_id = r.clinic_id AND k.key = r.key
    """
)


async def forget(connection: AsyncConnection, lanes: Collection[Lane], without: Callable[[bytes], bytes]) -> None:
    """Leave in dead letters of these lanes, and in answers kept that mention their keys, what `without` leaves of them.

    The lanes are kept as forgotten: what is set aside of them later (`Inbound`) has no more in it either. Done before
    anything else of theirs is emptied, it is what others who write about persons wait for (`forgotten.among`).
    An answer is still the first answer to its request, without the names; a message that waits is still handled. The
    transaction is of the lanes' clinics. The outbox has data only until it is published, the inbox none.
    """
    if not lanes:
        return
    await forgotten.keep(connection, lanes)
    await dead_letters.forget(connection, lanes, without)
    await empty_answers(connection, lanes, without)


async def merge_records(connection: AsyncConnection, told: Sequence[Merged], without: Callable[[bytes], bytes]) -> None:
    """Keep which records are one (`ALL-10`), and leave in answers kept of those that part what `without` leaves.

    What was answered of them names the record that they went on in, which forgetting finds by them no more (`ALL-9`).
    """
    await empty_answers(connection, await merge(connection, told), without)


async def empty_answers(
    connection: AsyncConnection, lanes: Collection[Lane], without: Callable[[bytes], bytes]
) -> None:
    """Leave in answers kept that mention these keys, or a record that is one with theirs, what `without` leaves.

    Such an answer names the record that goes on, and mentions the other only (`ALL-10`).
    """
    if not lanes:
        return
    pairs = sorted(lanes)
    values = {"clinics": [clinic for clinic, _ in pairs], "mentioned": [key for _, key in pairs]}
    rows = (await connection.execute(_ANSWERS, values)).all()
    if rows:
        await connection.execute(
            _REWRITE,
            {
                "clinics": [row.clinic_id for row in rows],
                "keys": [row.key for row in rows],
                "bodies": [without(bytes(row.body)) for row in rows],
            },
        )
