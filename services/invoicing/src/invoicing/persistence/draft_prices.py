"""What was looked up for a draft's lines, prices and estimates, written over what was looked up before (`MON-9`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.invoice import Invoice
from invoicing.persistence import mapping
from invoicing.persistence.tables.invoices import INVOICE_LINES

_ROWS = Rows(
    INVOICE_LINES,
    [
        "id",
        "unit_price_minor",
        "unit_price_fraction",
        "base_quantity",
        "tax_code",
        "tax_category",
        "tax_rate",
        "exemption_reason",
        "price_from",
        "estimates",
    ],
)
_WRITE = text(
    f"UPDATE invoice_lines l SET {_ROWS.setting('p', 'id')} FROM {_ROWS.given(alias='p')} WHERE l.id = p.id"  # noqa: S608
)
_LOOKED_AT = text("UPDATE invoices SET looked_at = :now WHERE id = ANY(CAST(:ids AS uuid[]))")


async def write(connection: AsyncConnection, drafts: Iterable[Invoice]) -> None:
    """Write what these locked drafts' lines cost now, and what insurers are expected to pay of it."""
    rows = [
        {
            **mapping.price_columns(line),
            "id": line.id,
            "base_quantity": line.base_quantity,
            "price_from": line.price_from,
        }
        for draft in drafts
        for line in draft.lines
    ]
    if rows:
        await connection.execute(_WRITE, _ROWS.arrays(rows))


async def look_at(connection: AsyncConnection, ids: Sequence[UUID], now: datetime) -> None:
    """Write that a person has said what these drafts say."""
    await connection.execute(_LOOKED_AT, {"ids": ids, "now": now})
