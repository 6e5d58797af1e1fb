"""What is left of invoices' lines, one row an invoice: as invoicing told it last, and what refunds are for since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from chassis.database.driver import Statement
from chassis.database.rows import Rows
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.invoice_document import InvoiceDocument
from payments.domain.refundable_lines import RefundableLines
from payments.persistence.tables import REFUNDABLE_LINES

_ROWS = Rows(REFUNDABLE_LINES, ["invoice_id", "clinic_id", "currency", "told", "rounding_minor"])
_PENDING_ROWS = Rows(REFUNDABLE_LINES, ["invoice_id", "pending"])
_NEWS = Rows(REFUNDABLE_LINES, ["invoice_id", "told", "rounding_minor", "pending"])
_LOCK = text(
    """
    SELECT invoice_id, currency, told, rounding_minor, pending FROM refundable_lines
     WHERE invoice_id = ANY (CAST(:ids AS uuid[])) AND told IS NOT NULL ORDER BY invoice_id FOR UPDATE
    """
)
_PENDING = Statement(
    f"""
    UPDATE refundable_lines AS r SET {_PENDING_ROWS.setting("n", "invoice_id")} FROM {_PENDING_ROWS.given(alias="n")}
     WHERE n.invoice_id = r.invoice_id
    """  # noqa: S608 - our own texts
)
# A note of an older release does not tell what is left: from then on nothing is known, and invoicing alone decides.
# `pending` of the news lists the refunds that were answered.
_FOLLOW = Statement(
    f"""
    UPDATE refundable_lines AS r
       SET told = CASE WHEN n.invoice_id = ANY (CAST(:noted AS uuid[])) THEN n.told ELSE r.told END,
           rounding_minor = r.rounding_minor + n.rounding_minor,
           pending = r.pending - ARRAY(SELECT jsonb_array_elements_text(n.pending))
      FROM {_NEWS.given(alias="n")}
     WHERE n.invoice_id = r.invoice_id
    """  # noqa: S608 - our own texts
)


async def add(connection: AsyncConnection, issued: Sequence[tuple[UUID, RefundableLines]]) -> None:
    """Enter those of newly issued invoices, each with its clinic."""
    await _ROWS.insert(connection, [_row(lines) | {"clinic_id": clinic_id} for clinic_id, lines in issued])


async def lock(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> dict[UUID, RefundableLines]:
    """Those of locked invoices, where they are known."""
    wanted = sorted(set(invoice_ids))
    if not wanted:
        return {}
    rows = await connection.execute(_LOCK, {"ids": wanted})
    return {row.invoice_id: _lines(row) for row in rows}


async def save_pending(connection: AsyncConnection, lines: Iterable[RefundableLines]) -> None:
    """Keep what refunds are for that were decided now."""
    rows = [{"invoice_id": kept.invoice_id, "pending": _by_text(kept.pending)} for kept in lines]
    if rows:
        await _PENDING.rows(connection, _PENDING_ROWS.arrays(rows))


async def follow(connection: AsyncConnection, documents: Sequence[InvoiceDocument]) -> None:
    """What the latest notes say is left; what the refunds were for that documents answer is in that, or given up."""
    news: dict[UUID, _News] = {}
    for document in documents:
        if document.kind in ("credit_note", "debit_note", "refund_adjustment"):
            news.setdefault(document.invoice_id, _News(document.invoice_id)).count(document)
    if news:
        noted = [told.invoice_id for told in news.values() if told.noted]
        await _FOLLOW.rows(connection, {"noted": noted} | _NEWS.arrays([asdict(told) for told in news.values()]))


@dataclass(slots=True)
class _News:
    """What documents say of an invoice's lines; `pending` are the refunds that they answer."""

    invoice_id: UUID
    noted: bool = False
    told: dict[str, int] | None = None
    rounding_minor: int = 0
    pending: list[UUID] = field(default_factory=list)

    def count(self, document: InvoiceDocument) -> None:
        """Count the next document."""
        if document.refund_id is not None:
            self.pending.append(document.refund_id)
        if document.kind != "refund_adjustment":
            left = document.lines_left
            self.noted = True
            self.told = None if left is None else _minor_by_text(left)
            self.rounding_minor += document.cash_rounding_minor * (1 if document.kind == "debit_note" else -1)


def _row(lines: RefundableLines) -> dict[str, Any]:
    return {
        "invoice_id": lines.invoice_id,
        "currency": lines.currency,
        "told": _minor_by_text(lines.told),
        "rounding_minor": lines.rounding_minor,
    }


def _lines(row: Any) -> RefundableLines:
    pending = {
        UUID(refund): {UUID(line_id): minor for line_id, minor in of.items()} for refund, of in row.pending.items()
    }
    told = {UUID(line_id): minor for line_id, minor in row.told.items()}
    return RefundableLines(row.invoice_id, row.currency, told, row.rounding_minor, pending)


def _minor_by_text(amounts: Mapping[UUID, int]) -> dict[str, int]:
    return {str(identifier): minor for identifier, minor in amounts.items()}


def _by_text(pending: Mapping[UUID, Mapping[UUID, int]]) -> dict[str, dict[str, int]]:
    return {str(refund_id): _minor_by_text(of) for refund_id, of in pending.items()}
