"""What went back to patients without a second person on a day, read while nobody else adds to it (`ALL-5`)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.persistence.tables import TRANSACTIONS

# By the order of the keys, so that those who wait for several never wait for each other.
_PATIENTS = Rows(TRANSACTIONS, ["clinic_id", "patient_id"])
_ALONE = text(
    f"""
    SELECT pg_advisory_xact_lock(key)
      FROM (SELECT DISTINCT hashtextextended('refunds ' || clinic_id || ' ' || patient_id, 0) AS key
              FROM {_PATIENTS.given()} ORDER BY key) AS keys
    """  # noqa: S608 - our own texts
)
# What another patient holds of a payment counts for both: for whoever gets it, and for whose payment it is. Whoever has
# several records is looked up once, and not for each refund of the clinic's day.
_OF_DAY = text(
    f"""
      WITH records AS (
           SELECT wanted.patient_id, record
             FROM {_PATIENTS.given(alias="wanted")},
                  unnest(records_of(wanted.clinic_id, wanted.patient_id)) AS record
           ),
           alone AS (
           SELECT DISTINCT of.patient_id, r.transaction_id, r.amount_minor
             FROM transactions AS r
             JOIN payment_positions AS p ON p.payment_id = r.payment_id
             JOIN records AS of ON of.record IN (r.patient_id, p.patient_id)
            WHERE r.clinic_id = :clinic AND r.booked_on = :day AND r.kind IN ('refund', 'cancellation')
              AND r.request_id IS NULL AND r.currency = :currency
              AND NOT EXISTS (SELECT 1 FROM transactions AS c WHERE c.reverses_id = r.transaction_id)
           )
    SELECT patient_id, sum(amount_minor)::bigint AS minor FROM alone GROUP BY patient_id
    """  # noqa: S608 - our own texts
)


async def lock(connection: AsyncConnection, clinic_id: UUID, patients: Collection[UUID]) -> None:
    """Let these patients' refunds wait for each other until the commit.

    To be asked for after the payments and before any invoice is locked. A row to lock there is not: who never had
    credit has none.
    """
    await connection.execute(_ALONE, _arrays(clinic_id, patients))


async def on_day(
    connection: AsyncConnection, clinic_id: UUID, patients: Collection[UUID], day: date, currency: str
) -> dict[UUID, int]:
    """What was refunded to locked patients on a calendar day of the clinic and not cancelled, in minor units.

    A payment of theirs that was cancelled counts like what was refunded: money is gone by either (`PAY-15`). What a
    second person approved is not counted.
    """
    values = {"clinic": clinic_id, "day": day, "currency": currency} | _arrays(clinic_id, patients)
    return {row.patient_id: row.minor for row in await connection.execute(_OF_DAY, values)}


def _arrays(clinic_id: UUID, patients: Collection[UUID]) -> dict[str, list[UUID]]:
    return _PATIENTS.arrays({"clinic_id": clinic_id, "patient_id": patient_id} for patient_id in patients)
