"""Make the notes of bad debt that money recovered, or that is lost again as the money was taken back (`INV-17`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.bad_debt import Making, lose_again, recover
from invoicing.domain.settlement import Settlement
from invoicing.persistence import clinics, invoices
from invoicing.use_cases.adjust_installment_plans import NewNote
from invoicing.use_cases.save_notes import save_notes


async def recover_bad_debts(work: Work, entries: Sequence[Settlement]) -> None:
    """Look at those of the entries' invoices, which are locked, of which anything was ever bad debt."""
    ids = await invoices.with_bad_debt(work.connection, {entry.invoice_id for entry in entries})
    if not ids:
        return
    taken_back: Counter[UUID] = Counter()
    for entry in entries:
        taken_back[entry.invoice_id] -= entry.change + entry.what_credited
    made: list[NewNote] = []
    locked = await invoices.find_many(work.connection, ids, lock=True, notes=True)
    found = [one.require_frozen("recovered") for one in locked]
    settings = await clinics.find_many(work.connection, {one.clinic_id for one in found})
    for invoice in found:
        clinic = settings[invoice.clinic_id]
        making = Making(new_id(), work.actor, work.now, clinic.today(work.now))
        note = recover(invoice, making) or lose_again(invoice, max(0, taken_back[invoice.id]), making)
        if note is not None:
            made.append((clinic, invoice, note))
    await save_notes(work, made)
