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
    """
)


async def invoice(connection: AsyncConnection, _: Exception, path: Mapping[str, Any]) -> Hashable:
    """The invoice in the path, or that of the note in it: whatever settles or credits it is a version of it."""
    named = path.get("invoice_id") or path.get("note_id")
    if named is None:
        return None
    return tuple(map(tuple, await connection.execute(_INVOICE, {"id": str(named)})))
