"""Undo a wrong note by its opposite: a credit note by a debit note, a debit note by a credit note (`INV-6`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.errors import NotFound
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import Note, Side
from invoicing.persistence import clinics, invoices
from invoicing.use_cases.compare_with_credit_limit import compare_with_credit_limit
from invoicing.use_cases.save_notes import save_notes


async def undo_note(
    work: Work, note_id: UUID, side: Side, reason: str, *, approved: bool = False
) -> tuple[Invoice, Note]:
    """Make the opposite of a note, to the cent.

    Raises NotFound, WrongState, NoteAlreadyUndone, NoteCannotBeUndone, DebitNoteCredited, AmountTooLarge, and
    CreditNeedsApproval where a debit note above the limit is undone and nobody approved it.
    """
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    what = f"{side} note"
    invoice_id = await invoices.invoice_of_note(work.connection, note_id, side)
    if invoice_id is None:
        raise NotFound(what, note_id)
    found = await invoices.find(work.connection, invoice_id, lock=True, notes=True)
    on = settings.today(work.now)
    settings.check_books(on)
    invoice = found.require_issued("changed by a note")
    undone = invoice.undoable(note_id)
    if undone is None:
        raise NotFound(what, note_id)
    if side == "credit":
        invoice.require_room(undone.amounts.total, "note_id")
    else:
        invoice.creditable().require_left_of(undone)
    note = Note(
        id=new_id(),
        clinic_id=work.clinic_id,
        invoice_id=invoice.id,
        side="debit" if side == "credit" else "credit",
        kind=f"undo_{side}_note",
        reason=reason,
        author=work.actor,
        amounts=undone.amounts,
        issue_date=on,
        created_at=work.now,
        undoes_id=note_id,
    )
    if side == "debit" and not approved:
        await compare_with_credit_limit(work, settings, invoice, note.amounts.total, on)
    invoice.add_note(note)
    await save_notes(work, [(settings, invoice, note)])
    return invoice, note
