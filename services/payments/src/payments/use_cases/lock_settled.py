"""Lock invoices together with the payments that settle them, in the order that everybody keeps (`PAY-11`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.database import Work
from sqlalchemy import text

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.persistence import invoices, payments

LOCKING_ATTEMPTS_MAX = 10

_SAVEPOINT = text("SAVEPOINT before_locking")
_LET_GO = text("ROLLBACK TO SAVEPOINT before_locking")


class LockingUnlucky(TimeoutError):
    """New payments kept settling these invoices while we locked; the batch is tried again."""


async def lock_settled(
    work: Work, wanted: Sequence[UUID], others: Iterable[UUID] = ()
) -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]]:
    """Lock the payments that settle these invoices, and others, then the invoices.

    A payment recorded in between is seen once the invoices are locked; then all is let go and locked anew. Raises
    LockingUnlucky.
    """
    if not wanted:
        return {}, {}
    others = set(others)
    for _ in range(LOCKING_ATTEMPTS_MAX):
        await work.connection.execute(_SAVEPOINT)
        settling = await payments.lock(work.connection, await payments.settling(work.connection, wanted) | others)
        locked = await invoices.lock(work.connection, wanted)
        settled = [invoice_id for invoice_id, balance in locked.items() if balance.settled_minor]
        if not settled or await payments.settling(work.connection, settled) <= settling.keys():
            return locked, settling
        await work.connection.execute(_LET_GO)
    raise LockingUnlucky
