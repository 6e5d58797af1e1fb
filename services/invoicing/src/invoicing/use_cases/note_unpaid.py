"""Keep what is unpaid of each installment of live plans where lists and sums find it (`INV-15`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from chassis.database import Work

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.persistence import installment_plans, invoices


async def note_unpaid(work: Work, plan_ids: Collection[UUID]) -> None:
    """Derive it anew of these plans and write what has changed. Their invoices are locked: money cannot pass it."""
    if plan_ids:
        found = await installment_plans.find_many(work.connection, plan_ids)
        await installment_plans.keep_unpaid(work.connection, [plan for plan in found if not plan.ended])


async def note_unknown_unpaid(work: Work, clinics: Mapping[UUID, ClinicSettings], most: int) -> int:
    """The same for installments of which it was never written, as they are older than that; how many plans."""
    unknown = await installment_plans.with_unknown_unpaid(work.connection, clinics, most)
    await invoices.lock(work.connection, [invoice_id for _, invoice_id in unknown])
    await note_unpaid(work, [plan_id for plan_id, _ in unknown])
    return len(unknown)
