"""Change the installment plans of invoices that notes changed, as a version of their own (`PLN-2`, `PLN-5`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing import announcements
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.installment_plan import Decided, InstallmentPlan
from invoicing.domain.invoice import Invoice
from invoicing.domain.note import Note, goes_with_refund
from invoicing.persistence import installment_plans

NewNote = tuple[ClinicSettings, Invoice, Note]


async def adjust_installment_plans(work: Work, made: Sequence[NewNote]) -> None:
    """Let each note that was just saved change its invoice's live plan; the invoices are locked.

    A credit note lowers the latest unpaid installments first, a debit note is asked with the last one. What goes with
    a refund changes nothing. A plan of which nothing is left has ended.
    """
    concerned = [new for new in made if new[1].plan_id is not None and not goes_with_refund(new[2].kind)]
    if not concerned:
        return
    found = await installment_plans.find_many(work.connection, {one.plan_id for _, one, _ in concerned if one.plan_id})
    plans = {plan.invoice_id: plan for plan in found}
    for settings, invoice, note in concerned:
        _adjust(work, plans[invoice.id], settings, note)
    await installment_plans.save(work.connection, found)
    for invoice in {one.id: one for _, one, _ in concerned}.values():
        plan = plans[invoice.id]
        invoice.plan_id = None if plan.ended else plan.id
        announcements.plan_changed(work, invoice, plan)


def _adjust(work: Work, plan: InstallmentPlan, settings: ClinicSettings, note: Note) -> None:
    if plan.ended:
        return
    decided = Decided(work.now, work.actor, f"{note.number}: {note.reason}", note.invoice_version, note.id)
    if note.side == "credit":
        plan.credit(note.amounts.total, decided)
    else:
        plan.debit(note.amounts.total, settings.due_date(note.issue_date), decided, new_id)
