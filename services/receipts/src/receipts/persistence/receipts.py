"""The receipts: added in sets, never changed but by what is learnt later (their bytes' hash, that they are void)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows
from chassis.money import Money
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.account import NamedInstallment
from receipts.domain.receipt import Receipt, Stored, VoidCause, Voided
from receipts.persistence.tables import RECEIPTS

COLUMNS = """receipt_id, clinic_id, patient_id, transaction_id, kind, serial, number, numbered_on, amount_minor,
    currency, language, recorded_at, numbered_at, version, sha256, size_bytes, stored_at, voided_at, void_cause,
    void_reason"""

# ruff: noqa: S608  the columns above are no one's input
_ROWS = Rows(RECEIPTS, without=["sha256", "size_bytes", "stored_at", "voided_at", "void_cause", "void_reason"])
_VOIDED = Rows(RECEIPTS, ["transaction_id", "voided_at", "void_cause", "void_reason"])
_NUMBERS = text("SELECT transaction_id, number FROM receipts WHERE transaction_id = ANY(CAST(:ids AS uuid[]))")
_INSTALLMENTS = text(
    """
    SELECT r.transaction_id, s.one ->> 'number' AS invoice_number, (i.one ->> 'position')::integer AS position,
           (i.one ->> 'count')::integer AS of_plan
      FROM receipts AS r
     CROSS JOIN LATERAL jsonb_array_elements(r.content -> 'settled') WITH ORDINALITY AS s (one, place)
     CROSS JOIN LATERAL jsonb_array_elements(coalesce(s.one -> 'installments', '[]')) WITH ORDINALITY AS i (one, place)
     WHERE r.transaction_id = ANY(CAST(:ids AS uuid[])) ORDER BY r.transaction_id, s.place, i.place
    """
)
_RECEIVED = text(
    """
    SELECT transaction_id, CAST(content ->> 'received_at' AS timestamptz) AS received_at FROM receipts
     WHERE transaction_id = ANY(CAST(:ids AS uuid[])) AND content ->> 'received_at' <> content ->> 'recorded_at'
    """
)
_LAST_DATES = text(
    "SELECT clinic_id, last_date FROM number_series WHERE series = 'receipt' AND clinic_id = ANY(CAST(:ids AS uuid[]))"
)
_VOID = text(
    f"""
    UPDATE receipts SET {_VOIDED.setting("r", "transaction_id")},
           version = version + CASE WHEN sha256 IS NULL THEN 0 ELSE 1 END
      FROM {_VOIDED.given(alias="r")}
     WHERE receipts.transaction_id = r.transaction_id AND receipts.voided_at IS NULL
    RETURNING {", ".join(f"receipts.{name.strip()}" for name in COLUMNS.split(","))}
    """
)
_KEEP_HASH = text(
    f"""
    UPDATE receipts SET sha256 = :sha256, size_bytes = :size_bytes, stored_at = :stored_at,
           version = CASE WHEN voided_at IS NULL THEN 1 ELSE 2 END
     WHERE receipt_id = :id AND sha256 IS NULL
    RETURNING {COLUMNS}
    """
)
_FIND = text(f"SELECT {COLUMNS} FROM receipts WHERE receipt_id = :id")
_OF_TRANSACTION = text(f"SELECT {COLUMNS} FROM receipts WHERE transaction_id = :id")
_SEVERAL = text(f"SELECT {COLUMNS} FROM receipts WHERE receipt_id = ANY(CAST(:ids AS uuid[]))")
_OF_TRANSACTIONS = text(f"SELECT {COLUMNS} FROM receipts WHERE transaction_id = ANY(CAST(:ids AS uuid[]))")
_CONTENT = text("SELECT content FROM receipts WHERE receipt_id = :id")


async def add(connection: AsyncConnection, receipts: Sequence[tuple[Receipt, dict[str, Any]]]) -> None:
    """Keep new receipts, each with its frozen content."""
    rows = [
        {
            "receipt_id": receipt.receipt_id,
            "clinic_id": receipt.clinic_id,
            "patient_id": receipt.patient_id,
            "transaction_id": receipt.transaction_id,
            "kind": receipt.kind,
            "serial": receipt.serial,
            "number": receipt.number,
            "numbered_on": receipt.numbered_on,
            "amount_minor": receipt.amount.minor,
            "currency": receipt.amount.currency,
            "language": receipt.language,
            "recorded_at": receipt.recorded_at,
            "numbered_at": receipt.numbered_at,
            "content": content,
        }
        for receipt, content in receipts
    ]
    await _ROWS.insert(connection, rows)


async def numbers_of(connection: AsyncConnection, transaction_ids: Collection[UUID]) -> dict[UUID, str]:
    """The receipt numbers of those of these transactions that have a receipt."""
    rows = await connection.execute(_NUMBERS, {"ids": list(transaction_ids)})
    return {row.transaction_id: row.number for row in rows}


async def installments_of(
    connection: AsyncConnection, transaction_ids: Collection[UUID]
) -> dict[UUID, list[NamedInstallment]]:
    """Which installments these payments settled, as their receipts say it (`PLN-10`)."""
    found: dict[UUID, list[NamedInstallment]] = {}
    for row in await connection.execute(_INSTALLMENTS, {"ids": list(transaction_ids)}):
        one = NamedInstallment(invoice_number=row.invoice_number, position=row.position, count=row.of_plan)
        found.setdefault(row.transaction_id, []).append(one)
    return found


async def received_of(connection: AsyncConnection, transaction_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When the money of these payments came in, where that is not when they were recorded."""
    rows = await connection.execute(_RECEIVED, {"ids": list(transaction_ids)})
    return {row.transaction_id: row.received_at for row in rows}


async def last_dates(connection: AsyncConnection, clinic_ids: Collection[UUID]) -> dict[UUID, date]:
    """The day of each clinic's last receipt number (`INV-7`)."""
    rows = await connection.execute(_LAST_DATES, {"ids": list(clinic_ids)})
    return {row.clinic_id: row.last_date for row in rows}


async def void(connection: AsyncConnection, voided: Mapping[UUID, Voided]) -> list[Receipt]:
    """Mark the receipts of these transactions as void; returns those that were not void before."""
    rows = [
        {"transaction_id": one, "voided_at": fact.at, "void_cause": fact.cause, "void_reason": fact.reason}
        for one, fact in voided.items()
    ]
    changed = await connection.execute(_VOID, _VOIDED.arrays(rows))
    return [receipt_of(row) for row in changed]


async def keep_hash(
    connection: AsyncConnection, receipt_id: UUID, *, sha256: str, size_bytes: int, stored_at: datetime
) -> Receipt | None:
    """Note what the original's bytes are, once; None where that was done before."""
    values = {"id": receipt_id, "sha256": sha256, "size_bytes": size_bytes, "stored_at": stored_at}
    row = (await connection.execute(_KEEP_HASH, values)).one_or_none()
    return None if row is None else receipt_of(row)


async def find(connection: AsyncConnection, receipt_id: UUID) -> Receipt | None:
    """One receipt of the clinic."""
    row = (await connection.execute(_FIND, {"id": receipt_id})).one_or_none()
    return None if row is None else receipt_of(row)


async def of_transaction(connection: AsyncConnection, transaction_id: UUID) -> Receipt | None:
    """The receipt that proves a transaction."""
    row = (await connection.execute(_OF_TRANSACTION, {"id": transaction_id})).one_or_none()
    return None if row is None else receipt_of(row)


async def several(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Receipt]:
    """Those of these receipts that the clinic has."""
    rows = await connection.execute(_SEVERAL, {"ids": list(ids)})
    return {row.receipt_id: receipt_of(row) for row in rows}


async def of_transactions(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, Receipt]:
    """The receipts of those of these transactions that have one, by transaction."""
    rows = await connection.execute(_OF_TRANSACTIONS, {"ids": list(ids)})
    return {row.transaction_id: receipt_of(row) for row in rows}


async def content_of(connection: AsyncConnection, receipt_id: UUID) -> dict[str, Any]:
    """What a receipt says, as frozen."""
    content: dict[str, Any] = (await connection.execute(_CONTENT, {"id": receipt_id})).one().content
    return content


def receipt_of(row: Any) -> Receipt:
    """A row as the receipt it is."""
    cause: VoidCause | None = row.void_cause
    return Receipt(
        receipt_id=row.receipt_id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        transaction_id=row.transaction_id,
        kind=row.kind,
        serial=row.serial,
        number=row.number,
        amount=Money(row.amount_minor, row.currency),
        language=row.language,
        recorded_at=row.recorded_at,
        numbered_on=row.numbered_on,
        numbered_at=row.numbered_at,
        version=row.version,
        stored=None if row.sha256 is None else Stored(row.sha256, row.size_bytes, row.stored_at),
        voided=None if cause is None else Voided(at=row.voided_at, cause=cause, reason=row.void_reason),
    )
