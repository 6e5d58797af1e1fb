"""Receipts that were announced before the database was put back to a moment that knows nothing of them (`INV-7`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.receipt import AnnouncedReceipt
from receipts.persistence.tables import ANNOUNCED_RECEIPTS

_ROWS = Rows(ANNOUNCED_RECEIPTS)
_KEEP = text(_ROWS.keeping_newest("announced_at"))
_OF_TRANSACTIONS = text(
    f"""
    SELECT DISTINCT ON (clinic_id, serial) {_ROWS.names} FROM announced_receipts AS a
     WHERE transaction_id = ANY(CAST(:ids AS uuid[]))
       AND NOT EXISTS (SELECT FROM receipts AS r WHERE r.clinic_id = a.clinic_id AND r.serial = a.serial)
     ORDER BY clinic_id, serial, announced_at DESC
    """  # noqa: S608 - constants
)
_SHA256 = text("SELECT sha256 FROM announced_receipts WHERE receipt_id = :id")


async def keep(connection: AsyncConnection, announced: Sequence[AnnouncedReceipt]) -> None:
    """Keep what was announced; of a transaction the last, as others show that one."""
    await connection.execute(_KEEP, _ROWS.arrays(map(asdict, announced)))


async def of_transactions(
    connection: AsyncConnection, ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], AnnouncedReceipt]:
    """What was announced of transactions, by clinic and transaction, but what has a number that another receipt has."""
    rows = rows_as(AnnouncedReceipt, await connection.execute(_OF_TRANSACTIONS, {"ids": list(ids)}))
    return {(announced.clinic_id, announced.transaction_id): announced for announced in rows}


async def sha256_of(connection: AsyncConnection, receipt_id: UUID) -> str | None:
    """Of the bytes that a receipt was announced with."""
    found: str | None = (await connection.execute(_SHA256, {"id": receipt_id})).scalar_one_or_none()
    return found
