"""The invoice documents that arrived: each once, for the patient's account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_document import InvoiceDocument

_ADD = text(
    """
    INSERT INTO invoice_documents (document_id, clinic_id, patient_id, invoice_id, kind, number, total_minor,
                                   issue_date, recorded_at, note_kind, refund_id)
    SELECT d.id, d.clinic_id, d.patient_id, d.invoice_id, d.kind, d.number, d.total, d.issued,
           CAST(:recorded_at AS timestamptz), d.note_kind, r.refund_id
      FROM unnest(CAST(:ids AS uuid[]), CAST(:clinics AS uuid[]), CAST(:patients AS uuid[]), CAST(:invoices AS uuid[]),
                  CAST(:kinds AS text[]), CAST(:numbers AS text[]), CAST(:totals AS bigint[]), CAST(:dates AS date[]),
                  CAST(:note_kinds AS text[]))
           WITH ORDINALITY AS d (id, clinic_id, patient_id, invoice_id, kind, number, total, issued, note_kind, place)
      JOIN unnest(CAST(:refunds AS uuid[])) WITH ORDINALITY AS r (refund_id, place) USING (place)
    ON CONFLICT (document_id) DO NOTHING
    RETURNING document_id
    """
)


async def add(connection: AsyncConnection, documents: Sequence[InvoiceDocument], now: datetime) -> set[UUID]:
    """Enter documents; returns the ids of those that are new."""
    rows = await connection.execute(
        _ADD,
        {
            "ids": [one.document_id for one in documents],
            "clinics": [one.clinic_id for one in documents],
            "patients": [one.patient_id for one in documents],
            "invoices": [one.invoice_id for one in documents],
            "kinds": [one.kind for one in documents],
            "numbers": [one.number for one in documents],
            "totals": [one.total_minor for one in documents],
            "dates": [one.issue_date for one in documents],
            "note_kinds": [one.note_kind for one in documents],
            "refunds": [one.refund_id for one in documents],
            "recorded_at": now,
        },
    )
    return set(rows.scalars())
