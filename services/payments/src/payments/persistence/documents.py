"""The invoice documents that arrived: each once, for the patient's account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Rows
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_document import InvoiceDocument
from payments.persistence.tables import INVOICE_DOCUMENTS

_ROWS = Rows(INVOICE_DOCUMENTS)
_ADD = Statement(f"{_ROWS.inserting()} ON CONFLICT (document_id) DO NOTHING RETURNING document_id")


async def add(connection: AsyncConnection, documents: Sequence[InvoiceDocument], now: datetime) -> set[UUID]:
    """Enter documents; returns the ids of those that are new."""
    rows = [_row(document) | {"recorded_at": now} for document in documents]
    return {row["document_id"] for row in await _ADD.rows(connection, _ROWS.arrays(rows))}


def _row(document: InvoiceDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in _ROWS.columns if name != "recorded_at"}
