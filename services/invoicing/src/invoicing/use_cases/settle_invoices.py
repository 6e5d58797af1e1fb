"""Count what money settled on invoices, and make or undo the credit notes that go with refunds (`INV-9`, `PAY-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from invoicing.domain.errors import InvoicesUnknown
from invoicing.domain.settlement import Settlement
from invoicing.persistence import reminders, settlements
from invoicing.use_cases.credit_refunds import Credited, credit_refunds
from invoicing.use_cases.divide_anew import divide_anew
from invoicing.use_cases.note_unpaid import note_unpaid
from invoicing.use_cases.recover_bad_debts import recover_bad_debts


async def settle_invoices(work: Work, entries: Sequence[Settlement]) -> None:
    """Add entries, each once; their sums commute, so their order does not matter.

    An entry with `credited` above zero is a refund's: as much of it is credited as keeps the outstanding (`PAY-20`).
    One below zero is that of a cancelled refund: its note is undone. Raises InvoicesUnknown, AdjustmentUnknown.
    """
    if not entries:
        return
    await _lock(work, entries)
    adjusted = Credited(entries)
    if any(entry.credited for entry in entries):
        adjusted = await credit_refunds(work, await _new(work, entries))
    counted = await settlements.add(work.connection, adjusted.entries, work.now)
    reopened = sorted({entry.invoice_id for entry in adjusted.entries if entry.change + entry.what_credited < 0})
    if reopened:
        await reminders.look_again(work.connection, reopened)
    await divide_anew(work, counted, adjusted.entries)
    await adjusted.save(work)
    await recover_bad_debts(work, adjusted.entries)
    await note_unpaid(work, {one.plan_id for one in counted if one.plan_id})


async def _lock(work: Work, entries: Sequence[Settlement]) -> None:
    wanted = {(entry.clinic_id, entry.invoice_id) for entry in entries}
    known: set[tuple[UUID, UUID]] = await settlements.lock_known(
        work.connection, {invoice_id for _, invoice_id in wanted}
    )
    if missing := wanted - known:
        raise InvoicesUnknown(missing)


async def _new(work: Work, entries: Sequence[Settlement]) -> list[Settlement]:
    """Those that were not counted before, each once: a note is made for these only."""
    before = await settlements.counted(work.connection, entries)
    unique = {(entry.event_id, entry.ordinal): entry for entry in entries}
    return [one for key, one in unique.items() if key not in before]
