"""Replace what a draft says; procedures that it no longer bills are free again (`INV-6`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work, forgotten

from invoicing.domain.draft_line import DraftContent, compose
from invoicing.domain.errors import StaleVersion
from invoicing.domain.invoice import DraftInvoice
from invoicing.domain.present_prices import find_issue_problem
from invoicing.persistence import billable_procedures, clinics, draft_prices, drafts, invoices, treatment_plans
from invoicing.use_cases.require_unforgotten import require_unforgotten
from invoicing.use_cases.reserve_sources import lock_sources, reserve_sources

PRICE_MARKS = ["price_missing", "fee_in_other_currency", "prices_changed"]
"""What a draft is not marked with any more once a person has said what it says."""


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """A draft's new content, decided on its `version`."""

    invoice_id: UUID
    version: int
    content: DraftContent


async def change_draft(work: Work, command: ChangeDraft) -> DraftInvoice:
    """Replace a draft's content.

    A person has looked at it: a line without a price counts as priced from now on. Raises NotFound, StaleVersion,
    WrongState, PatientForgotten, and what composing and claiming refuse.
    """
    if command.content.note:  # before the draft is locked, as whoever forgets has it
        await forgotten.wait_for_turn(work.connection, [work.clinic_id])
    settings = await clinics.find_settings(work.connection, work.clinic_id)
    await lock_sources(work, command.invoice_id, command.content)
    invoice = (await invoices.find(work.connection, command.invoice_id, lock=True)).require_draft("changed")
    if invoice.version != command.version:
        raise StaleVersion(invoice.id, invoice.version)
    await require_unforgotten(work, {"note": invoice.patient_id} if command.content.note else {})
    await billable_procedures.release(work.connection, [invoice.id])
    await treatment_plans.release(work.connection, [invoice.id])
    sources = await reserve_sources(work, invoice.id, invoice.patient_id, command.content, settings)
    invoice.replace(compose(command.content, sources), command.content.name_of)
    await invoices.replace(work.connection, invoice, work.now)
    await draft_prices.look_at(work.connection, [invoice.id], work.now)
    await drafts.close_marks(work.connection, invoice.id, PRICE_MARKS, work.now, work.actor, "the draft was changed")
    find_issue_problem(invoice, settings, settings.today(work.now))
    return invoice
