"""Who gave a payment which group and note, and when: the only things of it that can be edited (`PAY-1`, `ALL-5`)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.recorded_payment import Relabeling
from payments.persistence.tables import RELABELINGS

_ROWS = Rows(RELABELINGS)
_OF_PAYMENT = text(
    """
    SELECT version, group_before, note_before, group_after, note_after, changed_at, changed_by, reason
      FROM relabelings WHERE payment_id = :payment_id ORDER BY relabeling_id DESC LIMIT :limit
    """
)


async def add(
    connection: AsyncConnection, clinic_id: UUID, payment_id: UUID, change: Relabeling, changed_on: date
) -> None:
    """Keep an edit; `changed_on` is the clinic's calendar day, whose sheet it still changes (`PAY-10`)."""
    place = {"clinic_id": clinic_id, "payment_id": payment_id, "changed_on": changed_on}
    await _ROWS.insert(connection, [asdict(change) | place])


async def of_payment(connection: AsyncConnection, payment_id: UUID, limit: int) -> list[Relabeling]:
    """The latest edits of a payment, the latest first."""
    return rows_as(Relabeling, await connection.execute(_OF_PAYMENT, {"payment_id": payment_id, "limit": limit}))
