"""What refusals rest on that payments moves: read again, to be decided anew once it has moved (`INV-8`, `PAY-11`)."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_INVOICE = text(
    """
    SELECT id, version FROM invoices
     WHERE id = CAST(:id AS uuid) OR id = (SELECT invoice_id FROM notes WHERE id = CAST(:id AS uuid))
        OR id = (SELECT p.invoice_id FROM installments n JOIN installment_plans p ON p.id = n.plan_id
                  WHERE n.installment_id = CAST(:id AS uuid) LIMIT 1)
    """
)


async def invoice(connection: AsyncConnection, _: Exception, path: Mapping[str, Any]) -> Hashable:
    """The invoice in the path, or of its note or installment: whatever settles or credits it is a version of it."""
    named = path.get("invoice_id") or path.get("note_id") or path.get("installment_id")
    return None if named is None else await version_of(connection, named)


async def version_of(connection: AsyncConnection, invoice_id: Any) -> Hashable:
    """An invoice's version: it moves with whatever happens to it."""
    return tuple(map(tuple, await connection.execute(_INVOICE, {"id": str(invoice_id)})))
