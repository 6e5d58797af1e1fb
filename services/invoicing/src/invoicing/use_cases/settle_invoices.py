"""Count what money settled on invoices, and make or undo the credit notes that go with refunds (`INV-9`, `PAY-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.errors import AdjustmentUnknown, InvoicesUnknown
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import Note, NoteAmounts, Side
from invoicing.persistence import clinics, invoices, reminders, settlements
from invoicing.persistence.settlements import Settlement
from invoicing.use_cases.adjust_installment_plans import NewNote
from invoicing.use_cases.note_unpaid import note_unpaid
from invoicing.use_cases.save_notes import save_notes


async def settle_invoices(work: Work, entries: Sequence[Settlement]) -> None:
    """Add entries, each once; their sums commute, so their order does not matter. Raises InvoicesUnknown.

    An entry with `credited` above zero is a refund's: it gets its credit note. One below zero is that of a cancelled
    refund: its note is undone.
    """
    if not entries:
        return
    wanted = {(one.clinic_id, one.invoice_id) for one in entries}
    missing = wanted - await settlements.lock_known(work.connection, {invoice_id for _, invoice_id in wanted})
    if missing:
        raise InvoicesUnknown(missing)
    plans = await settlements.add(work.connection, entries, work.now)
    reopened = sorted({one.invoice_id for one in entries if one.change + one.credited < 0})
    if reopened:
        await reminders.look_again(work.connection, reopened)
    adjusting = [one for one in entries if one.credited]
    if adjusting:
        await _adjust(work, _by_refund(adjusting))
    await note_unpaid(work, plans)


def _by_refund(entries: Sequence[Settlement]) -> list[Settlement]:
    """One entry for all that a refund, or its cancellation, changed on an invoice, of however many installments."""
    found: dict[tuple[UUID, UUID], Settlement] = {}
    for one in entries:
        key = (one.invoice_id, one.transaction_id)
        before = found.get(key)
        found[key] = replace(one, credited=one.credited + before.credited) if before else one
    return list(found.values())


async def _adjust(work: Work, entries: Sequence[Settlement]) -> None:
    found = await invoices.find_many(work.connection, {one.invoice_id for one in entries}, lock=True, notes=True)
    settings = await clinics.find_many(work.connection, {one.clinic_id for one in found})
    by_id = {invoice.id: invoice for invoice in found}
    made: list[NewNote] = []
    for one in entries:
        invoice = by_id[one.invoice_id]
        clinic = settings[invoice.clinic_id]
        note = _refund_note(work, invoice, one, clinic) if one.credited > 0 else _undo_note(work, invoice, one, clinic)
        if note is not None:
            invoice.add_note(note)
            made.append((clinic, invoice, note))
    await save_notes(work, made)


def _refund_note(work: Work, invoice: Invoice, entry: Settlement, clinic: ClinicSettings) -> Note | None:
    if _adjustment(invoice, entry.transaction_id, "credit"):
        return None
    reason = "Refund"
    amounts = invoice.creditable_by_rule().credit_total(entry.credited, reason, beyond=True)
    return _note(work, invoice, "credit", "refund_adjustment", reason, amounts, clinic, refund_id=entry.transaction_id)


def _undo_note(work: Work, invoice: Invoice, entry: Settlement, clinic: ClinicSettings) -> Note | None:
    refund_id = entry.refund_id or entry.transaction_id
    adjustment = _adjustment(invoice, refund_id, "credit")
    if adjustment is None:
        raise AdjustmentUnknown(refund_id)
    if _adjustment(invoice, refund_id, "debit"):
        return None
    return _note(
        work,
        invoice,
        "debit",
        "undo_refund_adjustment",
        "Refund cancelled",
        adjustment.amounts,
        clinic,
        refund_id=refund_id,
        undoes_id=adjustment.id,
    )


def _adjustment(invoice: Invoice, refund_id: UUID, side: Side) -> Note | None:
    return next((note for note in invoice.notes if note.refund_id == refund_id and note.side == side), None)


def _note(
    work: Work,
    invoice: Invoice,
    side: Side,
    kind: str,
    reason: str,
    amounts: NoteAmounts,
    clinic: ClinicSettings,
    *,
    refund_id: UUID,
    undoes_id: UUID | None = None,
) -> Note:
    return Note(
        id=new_id(),
        clinic_id=invoice.clinic_id,
        invoice_id=invoice.id,
        side=side,
        kind=kind,
        reason=reason,
        author=work.actor,
        amounts=amounts,
        issue_date=clinic.today(work.now),
        created_at=work.now,
        refund_id=refund_id,
        undoes_id=undoes_id,
    )
