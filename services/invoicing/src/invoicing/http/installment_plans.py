"""Installment plans: previewed, agreed, read with what remains, rescheduled, cancelled (`PLN-1` to `PLN-5`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.clock import Clock
from chassis.http import Page, Paging, problems
from fastapi import APIRouter, Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.installment_plan_filter import PlanFilter, PlanState
from invoicing.http.clinic_day import ClinicDay, after_what_is_under_way
from invoicing.http.installment_plan_requests import AgreementIn, PlanIn, ReschedulingIn
from invoicing.http.installment_plan_responses import PlanOut, PlanPreviewOut, PlanSummary
from invoicing.http.note_requests import ReasonIn
from invoicing.http.scopes import InvoicesRead, InvoicesWrite
from invoicing.persistence import installment_plans, invoices
from invoicing.use_cases.agree_installment_plan import AgreeInstallmentPlan, agree_installment_plan
from invoicing.use_cases.cancel_installment_plan import cancel_installment_plan
from invoicing.use_cases.preview_installment_plan import preview_installment_plan
from invoicing.use_cases.reschedule_installment_plan import RescheduleInstallmentPlan, reschedule_installment_plan

router = APIRouter(tags=["installment plans"])

Today = Annotated[ClinicDay, Depends()]


@router.post(
    "/v1/invoices/{invoice_id}/installment-plan",
    status_code=201,
    response_model=PlanOut,
    responses=problems(404, 409, 422),
    summary="Agree an installment plan",
)
async def post_plan(invoice_id: UUID, body: PlanIn, change: InvoicesWrite, day: Today, request: Request) -> Response:
    """Divide what an issued invoice still asks for, partly paid or not, in one of three ways (`PLN-1`).

    An invoice has at most one live plan; a second is refused with 409, naming the first. `outstanding` says what was
    seen and is divided: where it is another by now, the answer is 409 with the new figure. One that already runs says
    when it was agreed (`agreed_on`), so that its first dates may be past, and what was paid of it (`already_paid`).
    """
    wanted = body.agreement()
    await after_what_is_under_way(request, change, invoice_id, wanted.outstanding)
    async with change as work:
        invoice, plan = await agree_installment_plan(work, AgreeInstallmentPlan(invoice_id, wanted, body.reason))
        shown = PlanOut.whole(plan, invoice, await day.today(work.connection, work.clinic_id))
        return change.answer(201, shown, location=f"/v1/installment-plans/{plan.id}", etag=plan.version)


@router.post(
    "/v1/invoices/{invoice_id}/installment-plan/preview",
    response_model=PlanPreviewOut,
    responses=problems(404, 409, 422),
    summary="Preview a division into installments",
)
async def post_plan_preview(invoice_id: UUID, body: AgreementIn, read: InvoicesRead, request: Request) -> Response:
    """How what is outstanding would be divided, by a new plan or by rescheduling one; changes nothing."""
    clock: Clock = request.app.state.resources.clock
    async with read as connection:
        invoice, parts = await preview_installment_plan(
            connection, read.clinic_id, invoice_id, body.agreement(), clock.now()
        )
    return read.answer(PlanPreviewOut.of(invoice, parts))


@router.get(
    "/v1/invoices/{invoice_id}/installment-plan",
    response_model=PlanOut,
    responses=problems(404),
    summary="Read an invoice's installment plan",
)
async def get_plan_of_invoice(invoice_id: UUID, read: InvoicesRead, day: Today) -> Response:
    """The invoice's live plan, else the last that it had: installments with what of each is paid, costs, versions."""
    async with read as connection:
        plan = await installment_plans.find_of_invoice(connection, invoice_id)
        shown = await _whole(connection, plan, day)
    return read.answer(shown, etag=plan.version)


@router.post(
    "/v1/invoices/{invoice_id}/installment-plan/reschedule",
    response_model=PlanOut,
    responses=problems(404, 409, 412, 422, 428),
    summary="Reschedule an installment plan",
)
async def post_rescheduling(
    invoice_id: UUID, body: ReschedulingIn, change: InvoicesWrite, day: Today, request: Request
) -> Response:
    """Divide the unpaid part anew, decided on the version in If-Match; what is paid stays as it is (`PLN-5`).

    `outstanding` says what was seen and is divided: where it is another by now, the answer is 409 with the new figure.
    """
    version = change.if_match()
    wanted = body.agreement()
    await after_what_is_under_way(request, change, invoice_id, wanted.outstanding)
    async with change as work:
        command = RescheduleInstallmentPlan(invoice_id, version, wanted, body.reason)
        invoice, plan = await reschedule_installment_plan(work, command)
        shown = PlanOut.whole(plan, invoice, await day.today(work.connection, work.clinic_id))
        return change.answer(200, shown, etag=plan.version)


@router.post(
    "/v1/invoices/{invoice_id}/installment-plan/cancel",
    response_model=PlanOut,
    responses=problems(404, 409, 422),
    summary="Cancel an installment plan",
)
async def post_plan_cancellation(invoice_id: UUID, body: ReasonIn, change: InvoicesWrite, day: Today) -> Response:
    """End the plan: what is still outstanding is due as the invoice says. Another plan can be agreed then."""
    async with change as work:
        invoice, plan = await cancel_installment_plan(work, invoice_id, body.reason)
        shown = PlanOut.whole(plan, invoice, await day.today(work.connection, work.clinic_id))
        return change.answer(200, shown, etag=plan.version)


@router.get(
    "/v1/installment-plans",
    response_model=Page[PlanSummary],
    responses=problems(422),
    summary="List installment plans",
)
async def list_installment_plans(
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    day: Today,
    patient_id: UUID | None = None,
    invoice_id: UUID | None = None,
    state: PlanState | None = None,
) -> Response:
    """The clinic's plans, the newest first, each with its next installment."""
    wanted = PlanFilter(patient_id, invoice_id, state)
    async with read as connection:
        after = paging.after_value(UUID)
        found = await installment_plans.list_plans(connection, read.clinic_id, wanted, after, paging.fetch)
        now = await day.today(connection, read.clinic_id)
    return read.answer(paging.page(found, key=lambda plan: (plan.id,), show=lambda plan: PlanSummary.of(plan, now)))


@router.get(
    "/v1/installment-plans/{plan_id}",
    response_model=PlanOut,
    responses=problems(404),
    summary="Read an installment plan",
)
async def get_installment_plan(plan_id: UUID, read: InvoicesRead, day: Today) -> Response:
    """One plan, live or ended: installments with what of each is paid, costs, versions."""
    async with read as connection:
        plan = await installment_plans.find(connection, plan_id)
        shown = await _whole(connection, plan, day)
    return read.answer(shown, etag=plan.version)


async def _whole(connection: AsyncConnection, plan: InstallmentPlan, day: ClinicDay) -> PlanOut:
    invoice = await invoices.find(connection, plan.invoice_id, notes=True)
    return PlanOut.whole(plan, invoice, await day.today(connection, plan.clinic_id))
