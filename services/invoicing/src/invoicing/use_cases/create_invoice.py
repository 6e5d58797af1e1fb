"""Create an invoice by hand: from chosen procedures, or with none; as a draft or issued at once (`INV-3`, `INV-6`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id

from invoicing import announcements
from invoicing.domain.content import Content
from invoicing.domain.draft_line import DraftContent, compose
from invoicing.domain.invoice import DraftInvoice, Invoice
from invoicing.domain.present_prices import find_issue_problem
from invoicing.persistence import clinics, invoices, patients
from invoicing.use_cases.issue_invoices import number_and_announce
from invoicing.use_cases.require_unforgotten import require_unforgotten
from invoicing.use_cases.reserve_sources import reserve_sources


@dataclass(frozen=True, slots=True)
class CreateInvoice:
    """What the invoice of a patient is to say, and whether it is issued at once."""

    patient_id: UUID
    content: DraftContent
    issue: bool = False


async def create_invoice(work: Work, command: CreateInvoice) -> Invoice:
    """Make a draft, or an issued invoice. Raises PatientForgotten, and what composing, claiming and issuing refuse."""
    await require_unforgotten(work, {"note": command.patient_id} if command.content.note else {})
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    known = await patients.registered(work.connection, [(work.clinic_id, command.patient_id)])
    patient = known.get((work.clinic_id, command.patient_id))
    draft = DraftInvoice(
        id=new_id(),
        clinic_id=work.clinic_id,
        patient_id=command.patient_id,
        pricing=settings.pricing,
        content=Content(()),
        created_by=work.actor,
        created_at=work.now,
        patient_name=(patient.name or None) if patient else None,
    )
    sources = await reserve_sources(work, draft.id, command.patient_id, command.content, settings)
    draft.content = compose(command.content, sources)
    if command.issue:
        frozen = draft.issue(settings, settings.today(work.now), work.now, work.actor)
        (issued,) = await number_and_announce(work, [(settings, frozen)], known)
        invoices.add_at_the_end(work, issued)
        return issued
    find_issue_problem(draft, settings, settings.today(work.now))
    announcements.announce_invoice_drafted(work, draft)
    invoices.add_at_the_end(work, draft)
    return draft
