"""Accepted treatment plans: what is planned, invoiced, paid and outstanding of each (`INV-10`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.http.clinic_day import ClinicDay
from invoicing.http.scopes import InvoicesRead
from invoicing.http.treatment_plan_responses import PlanOut, PlanSummary
from invoicing.persistence import clinics, treatment_plans
from invoicing.use_cases.report_treatment_plan import report_treatment_plan

router = APIRouter(tags=["treatment plans"])


@router.get(
    "/v1/treatment-plans", response_model=Page[PlanSummary], responses=problems(422), summary="List treatment plans"
)
async def list_plans(
    read: InvoicesRead, paging: Annotated[Paging, Depends()], patient_id: UUID | None = None
) -> Response:
    """The clinic's accepted treatment plans or a patient's, the newest first."""
    after = paging.after_value(UUID)
    async with read as connection:
        found = await treatment_plans.list_plans(connection, read.clinic_id, patient_id, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda row: (row.treatment_plan_id,), show=PlanSummary.of))


@router.get(
    "/v1/treatment-plans/{treatment_plan_id}",
    response_model=PlanOut,
    responses=problems(404, 409),
    summary="Read a treatment plan's figures",
)
async def get_plan(treatment_plan_id: UUID, read: InvoicesRead, day: Annotated[ClinicDay, Depends()]) -> Response:
    """What of the plan is planned, invoiced, credited, paid and outstanding, by item and in sum."""
    async with read as connection:
        on = await day.today(connection, read.clinic_id)
        report = await report_treatment_plan(connection, read.clinic_id, treatment_plan_id, on)
        settings = await clinics.find_settings(connection, read.clinic_id)
    return read.answer(PlanOut.of(report, settings.currency))
