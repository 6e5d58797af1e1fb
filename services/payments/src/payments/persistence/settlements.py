"""Every change of what payments settled on invoices, read back from the journal in order (`PAY-12`)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.settled_by import Change

_HISTORY = text(
    """
    SELECT j.payment_id, j.invoice_id, j.installment_id, j.posting_id, t.reverses_id, -sum(j.minor)::bigint AS minor
      FROM journal_entries AS j JOIN transactions AS t ON t.transaction_id = j.posting_id
     WHERE j.payment_id = ANY (CAST(:payments AS uuid[])) AND j.invoice_id = ANY (CAST(:invoices AS uuid[]))
       AND j.account IN ('receivable', 'refund_allowances')
     GROUP BY j.payment_id, j.invoice_id, j.installment_id, j.posting_id, t.reverses_id
    HAVING sum(j.minor) <> 0
     ORDER BY min(j.entry_id)
    """
)


async def history(connection: AsyncConnection, payments: Iterable[UUID], invoices: Iterable[UUID]) -> list[Change]:
    """What these payments, which are locked, did on these invoices, the earliest first."""
    rows = await connection.execute(_HISTORY, {"payments": list(payments), "invoices": list(invoices)})
    return [
        Change((row.payment_id, row.invoice_id, row.installment_id), row.posting_id, row.minor, row.reverses_id)
        for row in rows
    ]
