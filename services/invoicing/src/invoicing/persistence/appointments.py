"""The appointments that are closed, each with the insurer that is asked first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Rows, record_of, values_of
from sqlalchemy import Uuid, text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.closing import Closing
from invoicing.domain.content import Payer
from invoicing.persistence.tables.practice import CLOSED_APPOINTMENTS

_ROWS = Rows(CLOSED_APPOINTMENTS)
_KEYS = values_of(clinic_id=Uuid(), appointment_id=Uuid())
_CLOSE = text(
    f"""
    WITH closed AS (
        {_ROWS.inserting()}
        ON CONFLICT (clinic_id, appointment_id) DO UPDATE
           SET payer_id = excluded.payer_id, payer_name = excluded.payer_name
        RETURNING clinic_id, appointment_id, payer_id, payer_name)
    UPDATE invoices i SET payer_id = c.payer_id, payer_name = c.payer_name, changed_at = :now
      FROM closed c
     WHERE i.clinic_id = c.clinic_id AND i.appointment_id = c.appointment_id AND i.status = 'draft'
       AND i.payer_id IS NULL AND i.payer_name IS NULL AND (c.payer_id IS NOT NULL OR c.payer_name IS NOT NULL)
    """  # noqa: S608 - constants
)
_PAYERS = text(
    f"""
    SELECT clinic_id, appointment_id, payer_id, payer_name FROM closed_appointments
     WHERE (clinic_id, appointment_id) IN (SELECT * FROM {_KEYS.unnested()})
       AND (payer_id IS NOT NULL OR payer_name IS NOT NULL)
    """  # noqa: S608 - constants
)


async def close(connection: AsyncConnection, closings: Sequence[Closing], now: datetime) -> None:
    """Note appointments as closed, each given once, and the payer on their open drafts."""
    rows = [record_of(closing, closed_at=now) for closing in closings]
    await connection.execute(_CLOSE, _ROWS.arrays(rows) | {"now": now})


async def payers_of(connection: AsyncConnection, keys: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Payer]:
    """The insurers that the closing of these appointments (clinic, appointment) named, where it did."""
    wanted = list(keys)
    if not wanted:
        return {}
    rows = await connection.execute(_PAYERS, _KEYS.keyed(wanted))
    return {(row.clinic_id, row.appointment_id): Payer(row.payer_id, row.payer_name) for row in rows}
