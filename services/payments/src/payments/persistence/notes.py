"""The notes of payments and of the edits that changed them: the only free words here that no book needs (`ALL-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.persistence.tables import TRANSACTIONS

_PATIENTS = Rows(TRANSACTIONS, ["clinic_id", "patient_id"])
_PAYMENTS = f"""
    SELECT t.transaction_id FROM transactions AS t
      JOIN {_PATIENTS.given(alias="f")} ON f.clinic_id = t.clinic_id AND f.patient_id = t.patient_id
     WHERE t.kind = 'payment'
"""  # noqa: S608 - our own texts
_LOCK = text(
    f"""
    SELECT payment_id FROM payment_positions WHERE payment_id IN ({_PAYMENTS}) ORDER BY payment_id FOR UPDATE
    """  # noqa: S608 - a constant
)
_OF_PAYMENTS = text(
    "UPDATE payment_positions SET note = NULL WHERE payment_id = ANY(CAST(:ids AS uuid[])) AND note IS NOT NULL"
)
_OF_EDITS = text(
    """
    UPDATE relabelings SET note_before = NULL, note_after = NULL
     WHERE payment_id = ANY(CAST(:ids AS uuid[])) AND num_nonnulls(note_before, note_after) > 0
    """
)


async def forget(connection: AsyncConnection, who: Sequence[tuple[UUID, UUID]]) -> None:
    """Empty the notes of these patients' payments (clinic, patient), those before each edit too."""
    patients = [{"clinic_id": clinic_id, "patient_id": patient_id} for clinic_id, patient_id in who]
    ids = list((await connection.execute(_LOCK, _PATIENTS.arrays(patients))).scalars())
    for statement in (_OF_PAYMENTS, _OF_EDITS):
        await connection.execute(statement, {"ids": ids})
