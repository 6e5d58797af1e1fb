"""Number notes without a gap, save them with their invoices' new sums, and announce them (`INV-6`, `INV-7`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.numbering import Block, next_numbers
from chassis.identifiers import new_id

from invoicing import announcements
from invoicing.domain.bad_debt import Making, recover
from invoicing.domain.note import Side
from invoicing.persistence import invoices
from invoicing.use_cases.adjust_installment_plans import NewNote, adjust_installment_plans
from invoicing.use_cases.write_off_deferred import write_off_deferred


async def save_notes(work: Work, made: Sequence[NewNote]) -> None:
    """Number, save and announce notes that were added to their invoices, and then those that follow from them.

    That is what they recover of bad debt, and what a contract takes off once an undone credit left room for it.
    """
    await _number(work, made, "credit")
    await _number(work, made, "debit")
    if made:
        changed = {invoice.id: invoice for _, invoice, _ in made}
        await invoices.add_notes(work.connection, list(changed.values()), [note for *_, note in made], work.now)
    for _, invoice, note in made:
        announcements.announce_note_issued(work, invoice, note)
    await adjust_installment_plans(work, made)
    following = _recoveries(work, made) + await write_off_deferred(work, made)
    if following:
        await save_notes(work, following)


def _recoveries(work: Work, made: Sequence[NewNote]) -> list[NewNote]:
    """Money that a credit note leaves without anything to settle recovers bad debt before it is credit (`INV-17`)."""
    last = {invoice.id: (clinic, invoice) for clinic, invoice, _ in made if invoice.bad_debt > 0}
    recoveries: list[NewNote] = []
    for clinic, invoice in last.values():
        note = recover(invoice, Making(new_id(), work.actor, work.now, clinic.today(work.now)))
        if note is not None:
            recoveries.append((clinic, invoice, note))
    return recoveries


async def _number(work: Work, made: Sequence[NewNote], side: Side) -> None:
    by_clinic: dict[UUID, list[NewNote]] = defaultdict(list)
    for new in made:
        if new[2].side == side:
            by_clinic[new[0].clinic_id].append(new)
    series = f"{side}_note"
    wanted = {clinic_id: Block(len(own), own[0][2].issue_date) for clinic_id, own in sorted(by_clinic.items())}
    numbers = await next_numbers(work, series, wanted) if wanted else {}
    for clinic_id, own in by_clinic.items():
        for number, (settings, _, note) in zip(numbers[clinic_id], own, strict=True):
            note.number_as(number, settings.number_patterns[series])
