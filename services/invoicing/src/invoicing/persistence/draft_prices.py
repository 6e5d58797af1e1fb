"""What was looked up for a draft's lines, prices and estimates, written over what was looked up before (`MON-9`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.invoice import Invoice
from invoicing.persistence import mapping

_COLUMNS = {
    "id": "uuid",
    "unit_price_minor": "bigint",
    "unit_price_fraction": "numeric",
    "base_quantity": "numeric",
    "tax_code": "text",
    "tax_category": "text",
    "tax_rate": "numeric",
    "exemption_reason": "text",
    "price_from": "text",
    "estimates": "jsonb",
}
_WRITE = text(
    f"""
    UPDATE invoice_lines l
       SET {", ".join(f"{name} = p.{name}" for name in _COLUMNS if name != "id")}
      FROM unnest({", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in _COLUMNS.items())})
           AS p ({", ".join(_COLUMNS)})
     WHERE l.id = p.id
    """  # noqa: S608 - constants
)
_LOOKED_AT = text("UPDATE invoices SET looked_at = :now WHERE id = ANY(CAST(:ids AS uuid[]))")


async def write(connection: AsyncConnection, drafts: Iterable[Invoice]) -> None:
    """Write what these locked drafts' lines cost now, and what insurers are expected to pay of it."""
    rows = [
        (
            line.id,
            int(line.unit_price // 1),
            line.unit_price % 1,
            line.base_quantity,
            line.tax.code,
            line.tax.category,
            line.tax.rate,
            line.tax.exemption_reason,
            line.price_from,
            mapping.estimates_json(line.estimates),
        )
        for draft in drafts
        for line in draft.lines
    ]
    if rows:
        await connection.execute(_WRITE, dict(zip(_COLUMNS, map(list, zip(*rows, strict=True)), strict=True)))


async def look_at(connection: AsyncConnection, ids: Sequence[UUID], now: datetime) -> None:
    """Write that a person has said what these drafts say."""
    await connection.execute(_LOOKED_AT, {"ids": ids, "now": now})
