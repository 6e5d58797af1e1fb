"""Show what an invoice would come to, and change nothing (`MON-4`)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.database.merged_records import records_of
from chassis.identifiers import new_id
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.content import Content, check_content, require_lines
from invoicing.domain.draft_line import DraftContent, Sources, compose
from invoicing.domain.errors import (
    NotFound,
    PlanItemAlreadyInvoiced,
    ProcedureAlreadyInvoiced,
    ProcedureNotBillable,
)
from invoicing.domain.invoice import Invoice
from invoicing.domain.totals import Pricing, Totals
from invoicing.persistence import billable_procedures, clinics, invoices, treatment_plans
from invoicing.use_cases.look_up_prices import prices_of
from invoicing.use_cases.reserve_sources import require_billable_for


async def preview_invoice(
    connection: AsyncConnection,
    clinic_id: UUID,
    author: str,
    wanted: DraftContent,
    on: date,
    draft_id: UUID | None = None,
) -> tuple[Content, Totals, Pricing]:
    """The content, the totals and the pricing of a new invoice, or of a draft that would be replaced.

    Raises what composing and claiming refuse, and EmptyInvoice; claims nothing.
    """
    settings = await clinics.find_settings(connection, clinic_id)
    pricing, patient_id = settings.pricing, None
    if draft_id is not None:
        draft = await _draft(connection, draft_id)
        pricing, patient_id = draft.pricing, draft.patient_id
    procedures = await billable_procedures.find(connection, clinic_id, wanted.all_procedure_ids)
    items = await treatment_plans.preview_items(connection, clinic_id, wanted.plan_item_ids)
    for what, asked, found in (
        ("billable procedure", wanted.all_procedure_ids, {one.procedure_id for one in procedures}),
        ("treatment plan item", wanted.plan_item_ids, {item.item_id for item in items}),
    ):
        for id_ in asked:
            if id_ not in found:
                raise NotFound(what, id_, wanted.field_of(id_))
    patient = await records_of(connection, clinic_id, patient_id) if patient_id else None
    for procedure in procedures:
        require_billable_for(procedure, patient or [procedure.patient_id], wanted)
    await _refuse_what_is_taken(connection, clinic_id, wanted, draft_id)
    codes = [*(one.code for one in procedures), *(item.code for item in items)]
    sources = Sources(
        prices=await prices_of(connection, settings, on, wanted, codes),
        procedures={one.procedure_id: one for one in procedures},
        plan_items={item.item_id: item for item in items},
        author=author,
        new_id=new_id,
    )
    content = compose(wanted, sources)
    require_lines(content)
    return content, check_content(content, pricing, wanted.name_of), pricing


async def _draft(connection: AsyncConnection, draft_id: UUID) -> Invoice:
    """The draft that is named in the request. Raises NotFound, WrongState."""
    found = await invoices.find_many(connection, [draft_id])
    if not found:
        raise NotFound("invoice", draft_id, "invoice_id")
    found[0].require_draft("changed")
    return found[0]


async def _refuse_what_is_taken(
    connection: AsyncConnection, clinic_id: UUID, wanted: DraftContent, draft_id: UUID | None
) -> None:
    if wanted.all_procedure_ids:
        for row in await billable_procedures.states_of(connection, clinic_id, wanted.all_procedure_ids):
            if row.reverted_at is not None:
                raise ProcedureNotBillable(wanted.field_of(row.procedure_id), row.procedure_id, "was reverted")
            if row.invoice_id not in (None, draft_id):
                raise ProcedureAlreadyInvoiced(
                    wanted.field_of(row.procedure_id), row.procedure_id, row.invoice_id, row.number
                )
    if wanted.plan_item_ids:
        for item_id, item in (await treatment_plans.find_items(connection, clinic_id, wanted.plan_item_ids)).items():
            if item.invoice_id not in (None, draft_id):
                raise PlanItemAlreadyInvoiced(wanted.field_of(item_id), item_id, item.invoice_id, item.number)
