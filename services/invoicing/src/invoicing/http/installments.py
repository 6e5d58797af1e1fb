"""One installment, worked with like an invoice: read with its payments, moved, cancelled alone (`PLN-10`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.http.clinic_day import ClinicDay
from invoicing.http.installment_plan_responses import PlanOut
from invoicing.http.installment_requests import InstallmentCancellationIn, MoveIn
from invoicing.http.installment_responses import OneInstallmentOut
from invoicing.http.scopes import InvoicesRead, InvoicesWrite
from invoicing.persistence import adjudications, installment_plans, invoices, settlements
from invoicing.use_cases.cancel_installment import CancelInstallment, cancel_installment
from invoicing.use_cases.move_installment import MoveInstallment, move_installment

router = APIRouter(tags=["installment plans"])

Today = Annotated[ClinicDay, Depends()]


@router.get(
    "/v1/installments/{installment_id}",
    response_model=OneInstallmentOut,
    responses=problems(404),
    summary="Read an installment",
)
async def get_installment(installment_id: UUID, read: InvoicesRead, day: Today) -> Response:
    """One installment: its share of the procedures, due date, what remains of it, and the payments that settle it.

    Once its plan has it no more it is `cancelled`, as it was last. It is paid by a payment that names it, and a payment
    of it is refunded or cancelled, in payments; its demand is printed by receipts.
    """
    async with read as connection:
        plan = await installment_plans.find_of_installment(connection, installment_id)
        invoice = await invoices.find(connection, plan.invoice_id, notes=True)
        paid = await settlements.payments_of(connection, plan.invoice_id)
        on = AdjudicatedInvoice(invoice, (await adjudications.rows_of(connection, [invoice.id]))[invoice.id])
        received = (await settlements.of_insurers(connection, [invoice.id]))[invoice.id].minor
        now = await day.today(connection, read.clinic_id)
    shown = OneInstallmentOut.one(installment_id, plan, on, now, paid, received)
    return read.answer(shown, etag=plan.version)


@router.post(
    "/v1/installments/{installment_id}/move",
    response_model=PlanOut,
    responses=problems(404, 409, 422),
    summary="Move an installment",
)
async def post_move(installment_id: UUID, body: MoveIn, change: InvoicesWrite, day: Today) -> Response:
    """Have one installment due on another day, today or later; the others stay: a version of its plan (`PLN-10`)."""
    async with change as work:
        command = MoveInstallment(installment_id, body.due_date, body.reason)
        invoice, plan = await move_installment(work, command)
        shown = PlanOut.whole(plan, invoice, await day.today(work.connection, work.clinic_id))
        return change.answer(200, shown, etag=plan.version)


@router.post(
    "/v1/installments/{installment_id}/cancel",
    response_model=PlanOut,
    responses=problems(404, 409, 422),
    summary="Cancel an installment",
)
async def post_cancel(
    installment_id: UUID, body: InstallmentCancellationIn, change: InvoicesWrite, day: Today
) -> Response:
    """Have another installment ask for what remains of one: the named, else the last; a version of its plan (`PLN-10`).

    What is paid of it stays on it. The invoice asks for as much as before: to ask for less, credit it.
    """
    async with change as work:
        command = CancelInstallment(installment_id, body.to_installment_id, body.reason)
        invoice, plan = await cancel_installment(work, command)
        shown = PlanOut.whole(plan, invoice, await day.today(work.connection, work.clinic_id))
        return change.answer(200, shown, etag=plan.version)
