"""The receipts of transactions, as the receipts service announced them: shown beside what they prove (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ADD = text(
    """
    INSERT INTO receipts (receipt_id, clinic_id, patient_id, transaction_id, number)
    SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:clinics AS uuid[]), CAST(:patients AS uuid[]),
                         CAST(:transactions AS uuid[]), CAST(:numbers AS text[]))
    ON CONFLICT (receipt_id) DO NOTHING
    RETURNING receipt_id
    """
)
_VOID = text(
    "UPDATE receipts SET void = true WHERE receipt_id = ANY (CAST(:ids AS uuid[])) AND NOT void RETURNING receipt_id"
)
_KNOWN = text("SELECT receipt_id FROM receipts WHERE receipt_id = ANY (CAST(:ids AS uuid[]))")


@dataclass(frozen=True, slots=True)
class IssuedReceipt:
    """A receipt as its event brings it."""

    clinic_id: UUID
    receipt_id: UUID
    patient_id: UUID
    transaction_id: UUID
    number: str
    issued_at: datetime


async def add(connection: AsyncConnection, issued: Sequence[IssuedReceipt]) -> set[UUID]:
    """Enter receipts; returns the ids of those that are new."""
    rows = await connection.execute(
        _ADD,
        {
            "ids": [one.receipt_id for one in issued],
            "clinics": [one.clinic_id for one in issued],
            "patients": [one.patient_id for one in issued],
            "transactions": [one.transaction_id for one in issued],
            "numbers": [one.number for one in issued],
        },
    )
    return set(rows.scalars())


async def void(connection: AsyncConnection, receipt_ids: Sequence[UUID]) -> None:
    """Mark receipts as void."""
    await connection.execute(_VOID, {"ids": list(receipt_ids)})


async def known(connection: AsyncConnection, receipt_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these receipts have been announced to us."""
    return set((await connection.execute(_KNOWN, {"ids": list(receipt_ids)})).scalars())
