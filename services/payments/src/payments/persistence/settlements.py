"""Every change of what payments settled on invoices, read back from the journal in order (`PAY-12`)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from chassis.database.driver import Statement
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.allocation_history import Change, Owners, replayed
from payments.domain.payment import Payment

_HISTORY = Statement(
    """
    SELECT j.payment_id, j.invoice_id, j.installment_id, j.posting_id, t.patient_id, t.reverses_id,
           -sum(j.minor)::bigint AS minor
      FROM journal_entries AS j JOIN transactions AS t ON t.transaction_id = j.posting_id
     WHERE j.payment_id = ANY (CAST(:payments AS uuid[]))
       AND (CAST(:invoices AS uuid[]) IS NULL OR j.invoice_id = ANY (CAST(:invoices AS uuid[])))
       AND j.account IN ('receivable', 'refund_allowances')
     GROUP BY j.payment_id, j.invoice_id, j.installment_id, j.posting_id, t.patient_id, t.reverses_id
    HAVING sum(j.minor) <> 0
     ORDER BY min(j.entry_id)
    """
)


async def read_owners(connection: AsyncConnection, payments: Iterable[Payment]) -> None:
    """Read whose money the allocations of these locked payments were, before anything of them is set free (`PAY-21`).

    Wherever they are and were, as what a move brings is of whoever's it was where it came from.
    """
    some = list(payments)
    found = replayed(await history(connection, [payment.payment_id for payment in some], None)) if some else {}
    for payment in some:
        payment.owners = Owners.of(found, payment.payment_id)


async def history(
    connection: AsyncConnection, payments: Iterable[UUID], invoices: Iterable[UUID] | None
) -> list[Change]:
    """What these payments, which are locked, did on these invoices, or on all, the earliest first."""
    values = {"payments": list(payments), "invoices": None if invoices is None else list(invoices)}
    rows = await _HISTORY.rows(connection, values)
    return [
        Change(
            (row["payment_id"], row["invoice_id"], row["installment_id"]),
            row["posting_id"],
            row["patient_id"],
            row["minor"],
            row["reverses_id"],
        )
        for row in rows
    ]
