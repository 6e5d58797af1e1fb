"""What is left of invoices' lines, one row an invoice: as invoicing told it last, and what refunds are for since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from chassis.database.driver import driver_of
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_document import InvoiceDocument
from payments.domain.refundable_lines import RefundableLines
from payments.persistence.recordset import as_json

_ADD = """
    INSERT INTO refundable_lines (invoice_id, clinic_id, currency, told, rounding_minor)
    SELECT invoice_id, clinic_id, currency, told, rounding_minor
      FROM jsonb_populate_recordset(NULL::refundable_lines, $1::jsonb)
"""
_LOCK = text(
    """
    SELECT invoice_id, currency, told, rounding_minor, pending FROM refundable_lines
     WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND told IS NOT NULL ORDER BY invoice_id FOR UPDATE
    """
)
_PENDING = text("UPDATE refundable_lines SET pending = CAST(:pending AS jsonb) WHERE invoice_id = :invoice_id")
# A note of an older release does not tell what is left: from then on nothing is known, and invoicing alone decides.
_FOLLOW = """
    UPDATE refundable_lines AS r
       SET told = CASE WHEN n.noted THEN n.told ELSE r.told END, rounding_minor = r.rounding_minor + n.rounding_minor,
           pending = r.pending - ARRAY(SELECT jsonb_array_elements_text(n.answered))
      FROM jsonb_to_recordset($1::jsonb)
           AS n (invoice_id uuid, noted boolean, told jsonb, rounding_minor bigint, answered jsonb)
     WHERE n.invoice_id = r.invoice_id
"""


async def add(connection: AsyncConnection, issued: Sequence[tuple[UUID, RefundableLines]]) -> None:
    """Enter those of newly issued invoices, each with its clinic."""
    if issued:
        driver = await driver_of(connection)
        await driver.execute(_ADD, as_json([_row(clinic_id, one) for clinic_id, one in issued]))


async def lock(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, RefundableLines]:
    """Those of locked invoices, where they are known."""
    wanted = sorted(set(invoice_ids))
    if not wanted:
        return {}
    rows = await connection.execute(_LOCK, {"ids": wanted})
    return {row.invoice_id: _lines(row) for row in rows}


async def save_pending(connection: AsyncConnection, lines: Iterable[RefundableLines]) -> None:
    """Write down what refunds are for that were decided now."""
    rows = [{"invoice_id": one.invoice_id, "pending": _written(one.pending)} for one in lines]
    if rows:
        await connection.execute(_PENDING, rows)


async def follow(connection: AsyncConnection, documents: Sequence[InvoiceDocument]) -> None:
    """What the latest notes say is left; what the refunds were for that documents answer is in that, or given up."""
    news: dict[UUID, dict[str, Any]] = {}
    for one in documents:
        if one.kind in ("credit_note", "debit_note", "refund_adjustment"):
            _count(news.setdefault(one.invoice_id, _nothing(one.invoice_id)), one)
    if news:
        driver = await driver_of(connection)
        await driver.execute(_FOLLOW, as_json(list(news.values())))


def _nothing(invoice_id: UUID) -> dict[str, Any]:
    return {"invoice_id": invoice_id, "noted": False, "told": None, "rounding_minor": 0, "answered": []}


def _count(news: dict[str, Any], document: InvoiceDocument) -> None:
    if document.refund_id is not None:
        news["answered"].append(document.refund_id)
    if document.kind != "refund_adjustment":
        left = document.lines_left
        news["noted"] = True
        news["told"] = None if left is None else {str(line_id): minor for line_id, minor in left.items()}
        news["rounding_minor"] += document.cash_rounding_minor * (1 if document.kind == "debit_note" else -1)


def _row(clinic_id: UUID, one: RefundableLines) -> dict[str, Any]:
    told = {str(line_id): minor for line_id, minor in one.told.items()}
    return {
        "invoice_id": one.invoice_id,
        "clinic_id": clinic_id,
        "currency": one.currency,
        "told": told,
        "rounding_minor": one.rounding_minor,
    }


def _lines(row: Any) -> RefundableLines:
    pending = {
        UUID(refund): {UUID(line_id): minor for line_id, minor in of.items()} for refund, of in row.pending.items()
    }
    told = {UUID(line_id): minor for line_id, minor in row.told.items()}
    return RefundableLines(row.invoice_id, row.currency, told, row.rounding_minor, pending)


def _written(pending: Mapping[UUID, Mapping[UUID, int]]) -> str:
    return orjson.dumps(
        {str(refund): {str(line_id): minor for line_id, minor in of.items()} for refund, of in pending.items()}
    ).decode()
