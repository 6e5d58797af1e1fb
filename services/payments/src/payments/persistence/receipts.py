"""The receipts of transactions, as the receipts service announced them: shown beside what they prove (`PAY-9`).

A transaction has one. Should receipts, after a restore, issue it anew, the new one takes the place of the old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.receipt import IssuedReceipt
from payments.persistence.tables import RECEIPTS

_ROWS = Rows(RECEIPTS)
_ADD = text(
    f"""
    {_ROWS.inserting()}
    ON CONFLICT (transaction_id, clinic_id) DO UPDATE SET receipt_id = excluded.receipt_id, number = excluded.number
    RETURNING transaction_id, xmax = 0 AS first
    """
)
_VOID = text("UPDATE receipts SET void = true WHERE transaction_id = ANY (CAST(:ids AS uuid[])) AND NOT void")
_KNOWN = text("SELECT transaction_id FROM receipts WHERE transaction_id = ANY (CAST(:ids AS uuid[]))")


async def add(connection: AsyncConnection, issued: Sequence[IssuedReceipt]) -> set[UUID]:
    """Enter receipts of different transactions; returns the transactions that had none before."""
    rows = await connection.execute(_ADD, _ROWS.arrays([asdict(receipt) for receipt in issued]))
    return {row.transaction_id for row in rows if row.first}


async def void(connection: AsyncConnection, transaction_ids: Sequence[UUID]) -> None:
    """Mark the receipts of transactions as void."""
    await connection.execute(_VOID, {"ids": list(transaction_ids)})


async def known(connection: AsyncConnection, transaction_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these transactions have a receipt that was announced to us."""
    return set((await connection.execute(_KNOWN, {"ids": list(transaction_ids)})).scalars())
