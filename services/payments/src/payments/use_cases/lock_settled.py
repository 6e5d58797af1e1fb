"""Lock invoices together with the payments that settle them, in the order that everybody keeps (`PAY-11`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from chassis.database import Work
from chassis.database.driver import driver_of

from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.persistence import given_credit, invoices, payments

LOCKING_ATTEMPTS_MAX = 10

T = TypeVar("T")


class LockingUnlucky(TimeoutError):
    """New payments kept settling these invoices while we locked; the batch is tried again."""


async def lock_again(work: Work, savepoint: str, attempt: Callable[[], Awaitable[T | None]]) -> T:
    """Lock by `attempt`; where it finds that more is to be locked (None), let all of it go and try again.

    Locks are kept in one order only if nothing is locked afterwards. `savepoint` is a name that no attempt within uses.
    Raises LockingUnlucky after `LOCKING_ATTEMPTS_MAX`.
    """
    for _ in range(LOCKING_ATTEMPTS_MAX):
        driver = await driver_of(work.connection)
        await driver.execute(f"SAVEPOINT {savepoint}")
        locked = await attempt()
        if locked is not None:
            return locked
        await driver.execute(f"ROLLBACK TO SAVEPOINT {savepoint}")
    raise LockingUnlucky


async def lock_settled(
    work: Work, wanted: Sequence[UUID], others: Iterable[UUID] = ()
) -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]]:
    """Lock the payments that settle these invoices or were given for them, and others, then the invoices.

    A payment recorded in between is seen once the invoices are locked; then all is let go and locked anew. Raises
    LockingUnlucky.
    """
    if not wanted:
        return {}, {}
    others = set(others)

    async def attempt() -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]] | None:
        settling = await payments.lock(work.connection, await _of(work, wanted) | others)
        locked = await invoices.lock(work.connection, wanted)
        return (locked, settling) if await _of(work, wanted) <= settling.keys() else None

    return await lock_again(work, "before_locking", attempt)


async def _of(work: Work, wanted: Sequence[UUID]) -> set[UUID]:
    """The payments that settle these invoices, and those whose credit was given for them (`PAY-22`); not locked."""
    return await payments.settling(work.connection, wanted) | await given_credit.payments_of(work.connection, wanted)
