"""Change the installment plans of invoices that notes changed, as a version of their own (`PLN-2`, `PLN-5`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.invoice import FrozenInvoice, Invoice
from invoicing.domain.note import Note, goes_with_refund, undoes_something
from invoicing.persistence import installment_plans
from invoicing.use_cases.announce_plans import announce_plans

NewNote = tuple[ClinicSettings, FrozenInvoice, Note]


async def adjust_installment_plans(work: Work, made: Sequence[NewNote]) -> None:
    """Let each note that was just saved change its invoice's plan; the invoices are locked.

    A credit note lowers the latest unpaid installments first, a debit note is asked with the last one, and an opposite
    undoes what its note had changed (`PLN-7`), also that the plan had ended by it. What goes with a refund changes
    nothing. A plan of which nothing is left has ended.
    """
    concerned = [new for new in made if not goes_with_refund(new[2].kind) and _may_concern_a_plan(*new[1:])]
    if not concerned:
        return
    found = await installment_plans.last_of_invoices(work.connection, {invoice.id for _, invoice, _ in concerned})
    plans = {plan.invoice_id: plan for plan in found}
    for settings, invoice, note in concerned:
        if invoice.id in plans:
            _adjust(work, plans[invoice.id], settings, invoice, note)
    changed = [plan for plan in found if plan.version > plan.kept]
    if not changed:
        return
    await installment_plans.save(work.connection, changed)
    invoices = {invoice.id: invoice for _, invoice, _ in concerned}
    for plan in changed:
        invoices[plan.invoice_id].plan_id = None if plan.ended else plan.id
    await announce_plans(work, [(invoices[plan.invoice_id], plan) for plan in changed])


def _may_concern_a_plan(invoice: Invoice, note: Note) -> bool:
    return invoice.plan_id is not None or undoes_something(note)


def _adjust(work: Work, plan: InstallmentPlan, settings: ClinicSettings, invoice: Invoice, note: Note) -> None:
    notes = invoice.notes[: invoice.notes.index(note) + 1]
    if not plan.is_concerned(notes):
        return
    decided = Decided(work.now, work.actor, f"{note.number}: {note.reason}", note.invoice_version, note.id)
    due_date = settings.due_date(note.issue_date)
    if undoes_something(note):
        plan.undo(notes, invoice.unsettled_after(note), due_date, decided, new_id)
    elif note.side == "credit":
        plan.credit(note.amounts.total, decided)
    else:
        plan.debit(note.amounts.total, due_date, decided, new_id)
