"""Take accepted treatment plans: their items can be invoiced ahead (`INV-10`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from invoicing.domain.treatment_plan import TreatmentPlan
from invoicing.persistence import treatment_plans


async def accept_treatment_plans(work: Work, plans: Sequence[TreatmentPlan]) -> None:
    """Keep plans with their items; a later acceptance replaces what is not invoiced yet."""
    latest = {(plan.clinic_id, plan.treatment_plan_id): plan for plan in sorted(plans, key=lambda plan: plan.sequence)}
    await treatment_plans.save(work.connection, list(latest.values()))
