"""Show what an invoice would come to, and change nothing (`MON-4`)."""

from __future__ import annotations

from uuid import UUID

from chassis.identifiers import new_id
from sqlalchemy.ext.asyncio import AsyncConnection

from invoicing.domain.errors import NotFound
from invoicing.domain.invoice import Content
from invoicing.domain.totals import Totals, total_up
from invoicing.domain.wanted_line import Sources, WantedContent, compose
from invoicing.persistence import billable_procedures, clinics, treatment_plans


async def preview_invoice(
    connection: AsyncConnection, clinic_id: UUID, author: str, wanted: WantedContent
) -> tuple[Content, Totals, str]:
    """The content, the totals and the currency. Raises what composing refuses; claims nothing."""
    settings = await clinics.find_settings(connection, clinic_id)
    procedures = await billable_procedures.find(connection, clinic_id, wanted.all_procedure_ids)
    items = await treatment_plans.preview_items(connection, clinic_id, wanted.plan_item_ids)
    for what, asked, found in (
        ("billable procedure", wanted.all_procedure_ids, {one.procedure_id for one in procedures}),
        ("treatment plan item", wanted.plan_item_ids, {one.item_id for one in items}),
    ):
        for one in asked:
            if one not in found:
                raise NotFound(what, one)
    sources = Sources(
        settings=settings,
        procedures={one.procedure_id: one for one in procedures},
        plan_items={one.item_id: one for one in items},
        author=author,
        new_id=new_id,
    )
    content = compose(wanted, sources)
    return content, total_up(content.lines, content.document_discount, settings.pricing), settings.currency
