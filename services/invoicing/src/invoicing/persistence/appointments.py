"""The appointments that are closed, each with the insurer that is asked first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.content import Payer

_CLOSE = text(
    """
    WITH closed AS (
        INSERT INTO closed_appointments (clinic_id, appointment_id, patient_id, payer_id, payer_name, closed_at)
        SELECT c.*, CAST(:now AS timestamptz)
          FROM unnest(CAST(:clinics AS uuid[]), CAST(:appointments AS uuid[]), CAST(:patients AS uuid[]),
                      CAST(:payers AS uuid[]), CAST(:names AS text[])) AS c
        ON CONFLICT (clinic_id, appointment_id) DO UPDATE
           SET payer_id = excluded.payer_id, payer_name = excluded.payer_name
        RETURNING clinic_id, appointment_id, payer_id, payer_name)
    UPDATE invoices i SET payer_id = c.payer_id, payer_name = c.payer_name, changed_at = :now
      FROM closed c
     WHERE i.clinic_id = c.clinic_id AND i.appointment_id = c.appointment_id AND i.status = 'draft'
       AND i.payer_id IS NULL AND i.payer_name IS NULL AND (c.payer_id IS NOT NULL OR c.payer_name IS NOT NULL)
    """
)


_PAYERS = text(
    """
    SELECT clinic_id, appointment_id, payer_id, payer_name FROM closed_appointments
     WHERE (clinic_id, appointment_id)
           IN (SELECT * FROM unnest(CAST(:clinics AS uuid[]), CAST(:appointments AS uuid[])))
       AND (payer_id IS NOT NULL OR payer_name IS NOT NULL)
    """
)


async def close(connection: AsyncConnection, rows: Sequence[tuple[Any, ...]], now: datetime) -> None:
    """Note (clinic, appointment, patient, payer, payer's name) as closed, and the payer on their open drafts."""
    names = ("clinics", "appointments", "patients", "payers", "names")
    await connection.execute(_CLOSE, {"now": now} | dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


async def payers_of(connection: AsyncConnection, keys: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Payer]:
    """The insurers that the closing of these appointments (clinic, appointment) named, where it did."""
    wanted = list(keys)
    if not wanted:
        return {}
    parameters = {"clinics": [one for one, _ in wanted], "appointments": [one for _, one in wanted]}
    rows = await connection.execute(_PAYERS, parameters)
    return {(row.clinic_id, row.appointment_id): Payer(row.payer_id, row.payer_name) for row in rows}
