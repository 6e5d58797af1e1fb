"""What refunds want credited on invoices and what was answered: read from the journal and the documents (`PAY-20`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.transaction import Transaction

Of = tuple[UUID, UUID]
"""A refund and an invoice."""

SELECT = """
    SELECT r.transaction_id AS refund_id, j.invoice_id, r.payment_id, r.payer_kind, sum(j.minor)::bigint AS wanted,
           d.uncredited, d.noted, c.transaction_id IS NOT NULL AS cancelled,
           EXISTS (SELECT FROM journal_entries AS u
                    WHERE u.posting_id = c.transaction_id AND u.payment_id = r.payment_id
                      AND u.invoice_id = j.invoice_id AND u.account = 'refund_allowances') AS undone
      FROM transactions AS r
      JOIN journal_entries AS j
        ON j.posting_id = r.transaction_id AND j.payment_id = r.payment_id AND j.account = 'refund_allowances'
      LEFT JOIN transactions AS c ON c.reverses_id = r.transaction_id
      LEFT JOIN LATERAL (
            SELECT max(d.total_minor) FILTER (WHERE d.kind = 'refund_adjustment') AS uncredited,
                   sum(d.total_minor) FILTER (WHERE d.kind = 'credit_note')::bigint AS noted
              FROM invoice_documents AS d
             WHERE d.refund_id = r.transaction_id AND d.invoice_id = j.invoice_id {documents}) AS d ON true
     WHERE r.kind = 'refund' {refunds}
     GROUP BY r.transaction_id, j.invoice_id, d.uncredited, d.noted, c.transaction_id
"""
"""Each refund's adjustments; `uncredited` is what was answered not to be credited, `noted` what a credit note has."""
EVERY = SELECT.format(documents="", refunds="")
"""Those of all refunds."""
_OF_REFUNDS = text(
    SELECT.format(
        documents="AND d.document_id <> ALL (CAST(:apart_from AS uuid[]))",
        refunds="AND r.transaction_id = ANY (CAST(:ids AS uuid[]))",
    )
)


async def of_refunds(
    connection: AsyncConnection, refund_ids: Iterable[UUID], apart_from: Iterable[UUID] = ()
) -> dict[Of, RefundAdjustment]:
    """Those of refunds whose invoices are locked; as they were before these documents, where some are entered."""
    wanted = sorted(set(refund_ids))
    if not wanted:
        return {}
    rows = await connection.execute(_OF_REFUNDS, {"ids": wanted, "apart_from": list(apart_from)})
    return {(row["refund_id"], row["invoice_id"]): _adjustment(row) for row in rows.mappings()}


async def of_refund(connection: AsyncConnection, refund_id: UUID) -> dict[UUID, RefundAdjustment]:
    """Those of one refund, by invoice."""
    return {
        invoice_id: adjustment for (_, invoice_id), adjustment in (await of_refunds(connection, [refund_id])).items()
    }


async def by_refund(
    connection: AsyncConnection, refunds: Iterable[Transaction]
) -> dict[UUID, dict[UUID, RefundAdjustment]]:
    """Those of several refunds, by refund and invoice."""
    found: dict[UUID, dict[UUID, RefundAdjustment]] = {}
    for (refund_id, invoice_id), adjustment in (
        await of_refunds(connection, [refund.transaction_id for refund in refunds])
    ).items():
        found.setdefault(refund_id, {})[invoice_id] = adjustment
    return found


def _adjustment(row: Mapping[Any, Any]) -> RefundAdjustment:
    return RefundAdjustment(
        refund_id=row["refund_id"],
        invoice_id=row["invoice_id"],
        payment_id=row["payment_id"],
        payer_kind=row["payer_kind"],
        wanted_minor=row["wanted"],
        credited_minor=_credited(row),
        undone=row["undone"],
    )


def _credited(row: Mapping[Any, Any]) -> int | None:
    """A note of all that was wanted is its own answer; one of less comes with an answer of its own."""
    wanted: int = row["wanted"]
    if row["uncredited"] is not None:
        return wanted - int(row["uncredited"])
    return wanted if row["noted"] == wanted else None
