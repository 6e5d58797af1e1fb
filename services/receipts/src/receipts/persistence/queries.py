"""Reads for people and for proofs: lists of receipts, and whether what is stored is what it should be."""

# ruff: noqa: S608  what is put into these statements are columns and conditions of this module, never input

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.database.rows import rows_as
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.receipt import Receipt, ReceiptCounts, ReceiptFilter
from receipts.persistence.receipts import COLUMNS, receipt_of
from receipts.persistence.render_tasks import WAITS

_CONDITIONS = {
    "patient_id": "patient_id = ANY (records_of(:clinic_id, :patient_id))",
    "transaction_id": "transaction_id = :transaction_id",
    "number": "number = :number",
    "from_day": "numbered_on >= :from_day",
    "to_day": "numbered_on <= :to_day",
}


async def receipts_where(
    connection: AsyncConnection, clinic_id: UUID, wanted: ReceiptFilter, *, before_serial: int | None, limit: int
) -> list[Receipt]:
    """A clinic's receipts, newest number first, below a serial number."""
    values: dict[str, Any] = {name: getattr(wanted, name) for name in _CONDITIONS if getattr(wanted, name) is not None}
    conditions = ["clinic_id = :clinic_id", *(_CONDITIONS[name] for name in values)]
    if before_serial is not None:
        conditions.append("serial < :before_serial")
        values["before_serial"] = before_serial
    statement = f"SELECT {COLUMNS} FROM receipts WHERE {' AND '.join(conditions)} ORDER BY serial DESC LIMIT :limit"
    rows = await connection.execute(text(statement), {**values, "clinic_id": clinic_id, "limit": limit})
    return [receipt_of(row) for row in rows]


_COUNT = text(
    """
    SELECT (SELECT count(*) FROM receipts WHERE clinic_id = :id) AS receipts,
           (SELECT count(*) FROM receipts WHERE clinic_id = :id AND sha256 IS NOT NULL) AS stored,
           (SELECT count(*) FROM receipts WHERE clinic_id = :id AND voided_at IS NOT NULL) AS voided,
           coalesce((SELECT last_number FROM number_series WHERE clinic_id = :id AND series = 'receipt'), 0)
               AS last_number,
           coalesce((SELECT sum(l.last_number - l.first_number + 1
                                - (SELECT count(*) FROM receipts r WHERE r.clinic_id = :id
                                      AND r.serial BETWEEN l.first_number AND l.last_number))
                       FROM lost_numbers l WHERE l.clinic_id = :id AND l.series = 'receipt'), 0)::bigint
               AS lost_numbers,
           greatest((SELECT max(serial) FROM receipts WHERE clinic_id = :id),
                    (SELECT max(last_number) FROM lost_numbers WHERE clinic_id = :id AND series = 'receipt'), 0)
               AS highest_serial,
           (SELECT count(*) FROM receipts r
              LEFT JOIN stored_documents d ON d.document_id = r.receipt_id AND d.rendition = 'original'
             WHERE r.clinic_id = :id AND r.sha256 IS NOT NULL AND NOT is_deleted(r.receipt_id)
               AND (d.sha256 IS DISTINCT FROM r.sha256
                    OR (NOT d.in_store AND encode(sha256(d.pdf), 'hex') IS DISTINCT FROM r.sha256)))
           + (SELECT count(*) FROM stored_documents
               WHERE clinic_id = :id AND NOT in_store AND encode(sha256(pdf), 'hex') <> sha256) AS hash_differs,
           (SELECT count(*) FROM receipts r
             WHERE r.clinic_id = :id AND r.sha256 IS NULL AND NOT is_deleted(r.receipt_id) AND NOT EXISTS (
                   SELECT FROM render_tasks t WHERE t.document_id = r.receipt_id AND t.rendition = 'original'))
               AS unstored_without_task,
           (SELECT count(*) FROM render_tasks WHERE clinic_id = :id AND {waits}) AS set_aside,
           (SELECT count(*) FROM invoices WHERE clinic_id = :id) AS invoices,
           (SELECT count(*) FROM deleted_documents x WHERE x.clinic_id = :id
               AND (EXISTS (SELECT FROM stored_documents d WHERE d.document_id = x.document_id)
                    OR EXISTS (SELECT FROM receipts r WHERE r.receipt_id = x.document_id AND r.content <> '{}')
                    OR EXISTS (SELECT FROM invoices i WHERE i.invoice_id = x.document_id AND i.content ? 'patient')
                    OR EXISTS (SELECT FROM notes n WHERE n.note_id = x.document_id AND n.content <> '{}')
                    OR EXISTS (SELECT FROM plan_agreements a
                                WHERE a.agreement_id = x.document_id AND a.content <> '{}'))) AS deleted_by_half
    """.replace("{waits}", WAITS)
)


async def counted(connection: AsyncConnection, clinic_id: UUID) -> ReceiptCounts:
    """Recount a clinic's receipts and rehash its documents (`ALL-8`)."""
    (counts,) = rows_as(ReceiptCounts, await connection.execute(_COUNT, {"id": clinic_id}))
    return counts
