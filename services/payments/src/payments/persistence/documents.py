"""The invoice documents that arrived: each once, for the patient's account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_document import InvoiceDocument
from payments.persistence.tables import INVOICE_DOCUMENTS

_ROWS = Rows(INVOICE_DOCUMENTS)
_ADD = Statement(f"{_ROWS.inserting()} ON CONFLICT (document_id) DO NOTHING RETURNING document_id")
_ANSWERING = text("SELECT DISTINCT refund_id FROM invoice_documents WHERE refund_id = ANY (CAST(:ids AS uuid[]))")


async def add(connection: AsyncConnection, documents: Sequence[InvoiceDocument], now: datetime) -> set[UUID]:
    """Enter documents; returns the ids of those that are new."""
    rows = [_row(document) | {"recorded_at": now} for document in documents]
    return {row["document_id"] for row in await _ADD.rows(connection, _ROWS.arrays(rows))}


async def answering(connection: AsyncConnection, refund_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these refunds that a document follows: the refunds themselves need not be known."""
    return set((await connection.execute(_ANSWERING, {"ids": list(refund_ids)})).scalars())


def _row(document: InvoiceDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _ROWS.columns if name != "recorded_at"}
