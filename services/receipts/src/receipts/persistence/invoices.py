"""Issued invoices with their frozen content, and which of them became void."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.database.rows import Rows, rows_as
from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from receipts.domain.printed_invoice import KeptInvoice, PrintedInvoice
from receipts.persistence.tables import INVOICES

_INVOICE = TypeAdapter(PrintedInvoice)

_ROWS = Rows(INVOICES, without=["voided_at", "void_reason"])
_VOIDED = Rows(INVOICES, ["invoice_id", "voided_at", "void_reason"])
_ADD = text(f"{_ROWS.inserting()} ON CONFLICT DO NOTHING")
_FACTS = text("SELECT content -> 'invoice' AS facts FROM invoices WHERE invoice_id = ANY(CAST(:ids AS uuid[]))")
_VOID = text(
    f"""
    UPDATE invoices i SET {_VOIDED.setting("r", "invoice_id")} FROM {_VOIDED.given(alias="r")}
     WHERE i.invoice_id = r.invoice_id AND i.voided_at IS NULL
    """  # noqa: S608 - constants
)
_KNOWN = text("SELECT invoice_id FROM invoices WHERE invoice_id = ANY(CAST(:ids AS uuid[]))")
_FIND = text("SELECT invoice_id, number, content, voided_at, void_reason FROM invoices WHERE invoice_id = :id")


async def add(
    connection: AsyncConnection, invoices: Mapping[UUID, dict[str, Any]], facts: Sequence[PrintedInvoice]
) -> None:
    """Keep issued invoices with their frozen contents; one that is known already stays as it was."""
    rows = [
        {
            "invoice_id": fact.invoice_id,
            "clinic_id": fact.clinic_id,
            "patient_id": fact.patient_id,
            "number": fact.number,
            "content": invoices[fact.invoice_id],
        }
        for fact in facts
    ]
    await connection.execute(_ADD, _ROWS.arrays(rows))


async def facts_of(connection: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, PrintedInvoice]:
    """The known ones of these invoices."""
    if not ids:
        return {}
    rows = await connection.execute(_FACTS, {"ids": list(ids)})
    invoices = [_INVOICE.validate_python(row.facts) for row in rows]
    return {invoice.invoice_id: invoice for invoice in invoices}


async def void(connection: AsyncConnection, voided: Mapping[UUID, tuple[datetime, str | None]]) -> set[UUID]:
    """Mark invoices as void; returns those of them that are known."""
    rows = [{"invoice_id": one, "voided_at": at, "void_reason": reason} for one, (at, reason) in voided.items()]
    await connection.execute(_VOID, _VOIDED.arrays(rows))
    known = await connection.execute(_KNOWN, {"ids": list(voided)})
    return {row.invoice_id for row in known}


async def find(connection: AsyncConnection, invoice_id: UUID) -> KeptInvoice | None:
    """One invoice of the clinic."""
    return next(iter(rows_as(KeptInvoice, await connection.execute(_FIND, {"id": invoice_id}))), None)
