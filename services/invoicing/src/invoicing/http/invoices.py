"""Invoices: created, changed, issued, voided, and read with their whole story."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from chassis.http import TEXT, Page, Paging, Read, problems
from chassis.http.period import require_in_order
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.confirmation import NOTHING_CONFIRMED, confirmation_of, figures_of
from invoicing.domain.credit_request_errors import CreditNeedsApproval
from invoicing.domain.errors import NotAllIssued
from invoicing.domain.insurance import insurers_on
from invoicing.domain.invoice import FrozenInvoice, Invoice, Status
from invoicing.domain.invoice_filter import InvoiceFilter
from invoicing.http.clinic_day import ClinicDay
from invoicing.http.credit_requests import REQUESTED, requested
from invoicing.http.installment_plan_responses import InvoiceWithPlan, next_installment
from invoicing.http.invoice_requests import DraftIn, InvoiceIn, InvoiceSearchIn, IssueDraftIn, IssueIn, PreviewIn
from invoicing.http.invoice_responses import InvoiceOut, InvoiceSummary, IssuedOut, PreviewOut, TotalsOut
from invoicing.http.line_responses import DocumentChargeOut, LineOut
from invoicing.http.note_requests import ReasonIn
from invoicing.http.problems import not_all_issued
from invoicing.http.scopes import InvoicesRead, InvoicesWrite
from invoicing.persistence import (
    adjudications,
    installment_plans,
    invoice_lists,
    invoices,
    payer_identities,
    settlements,
)
from invoicing.persistence.insured_lines import parts_of_many
from invoicing.use_cases.change_draft import ChangeDraft, change_draft
from invoicing.use_cases.create_invoice import CreateInvoice, create_invoice
from invoicing.use_cases.delete_draft import delete_draft
from invoicing.use_cases.issue_chosen import issue_chosen
from invoicing.use_cases.issue_invoice import issue_invoice
from invoicing.use_cases.preview_invoice import preview_invoice
from invoicing.use_cases.request_credit import VoidInvoice, request_credit
from invoicing.use_cases.show_drafts import show_drafts
from invoicing.use_cases.void_invoice import void_invoice

router = APIRouter(tags=["invoices"])


@router.post(
    "/v1/invoices",
    status_code=201,
    response_model=InvoiceOut,
    responses=problems(404, 409, 422),
    summary="Create an invoice",
)
async def post_invoice(body: InvoiceIn, change: InvoicesWrite) -> Response:
    """A draft, or with `issue` an issued invoice: from chosen procedures, typed-in ones, products, custom items.

    A procedure that is on another invoice already is refused with 409, naming that invoice (`INV-3`).
    """
    async with change as work:
        invoice = await create_invoice(work, CreateInvoice(body.patient_id, body.to_domain(), body.issue))
        return change.answer(201, _fresh(invoice), location=f"/v1/invoices/{invoice.id}", etag=invoice.version)


@router.post(
    "/v1/invoices/preview", response_model=PreviewOut, responses=problems(404, 409, 422), summary="Preview totals"
)
async def post_preview(body: PreviewIn, read: InvoicesRead, day: Annotated[ClinicDay, Depends()]) -> Response:
    """What an invoice would come to, without making one: a dry run for a front desk that shows totals first.

    With `invoice_id`, what that draft would come to if it were replaced. What saving would refuse is refused here too.
    """
    async with read as connection:
        on = await day.today(connection, read.clinic_id)
        content, totals, pricing = await preview_invoice(
            connection, read.clinic_id, read.subject, body.to_domain(), on, body.invoice_id
        )
    currency = pricing.currency
    lines = [LineOut.of(line, own, currency) for line, own in zip(content.lines, totals.lines, strict=True)]
    charges = DocumentChargeOut.of_document(content.charges, totals.charges, currency)
    word = confirmation_of(figures_of(content, totals, pricing))
    shown = TotalsOut.of(totals, currency)
    return read.answer(PreviewOut(lines=lines, charges=charges, totals=shown, confirmation=word))


class Wanted:
    """The filters of the list; days are issue dates, both included."""

    def __init__(
        self,
        patient_id: UUID | None = None,
        appointment_id: UUID | None = None,
        treatment_plan_id: UUID | None = None,
        status: Status | None = None,
        overdue: bool | None = None,
        open: bool | None = None,  # noqa: A002 - the parameter's name
        from_date: Annotated[Day | None, Query(alias="from")] = None,
        to_date: Annotated[Day | None, Query(alias="to")] = None,
        number: Annotated[str | None, Query(max_length=60, pattern=TEXT)] = None,
        text: Annotated[
            str | None,
            Query(
                min_length=1,
                max_length=200,
                pattern=TEXT,
                description="Words of number, note, descriptions, codes and SKUs, each perhaps only begun: `crow 117`. "
                "By patients' names `POST /v1/invoices/search` finds: a name in a URL would stand in logs (`ALL-6`)",
            ),
        ] = None,
    ) -> None:
        require_in_order(from_date, to_date)
        self.filter = InvoiceFilter(
            patient_id, appointment_id, treatment_plan_id, status, overdue, open, from_date, to_date, number, text
        )


@router.get("/v1/invoices", response_model=Page[InvoiceSummary], responses=problems(422), summary="List invoices")
async def list_invoices(
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    wanted: Annotated[Wanted, Depends()],
    day: Annotated[ClinicDay, Depends()],
) -> Response:
    """The clinic's invoices, the newest first; with `from` or `to` by day, with `overdue` the longest overdue first.

    With `open` those that ask for something still, in the order in which they fall due.

    All filters can be combined; a cursor belongs to the filters that it was given for. `text` finds by the beginnings
    of words, all of which have to be there; a number is found with and without its leading zeros.
    """
    return await _listed(read, paging, wanted.filter, day)


@router.post(
    "/v1/invoices/search", response_model=Page[InvoiceSummary], responses=problems(422), summary="Search for invoices"
)
async def search_invoices(
    body: InvoiceSearchIn,
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    day: Annotated[ClinicDay, Depends()],
) -> Response:
    """The same list, found by patients' names and chart numbers too, which stand in no URL (`INV-18`, `ALL-6`).

    Nothing is changed by it.
    """
    return await _listed(read, paging, body.filter(), day)


async def _listed(read: Read, paging: Paging, wanted: InvoiceFilter, day: ClinicDay) -> Response:
    order = invoice_lists.order_of(wanted)
    after = paging.after_of(*order.kinds)
    async with read as connection:
        now = await day.today(connection, read.clinic_id)
        found = await invoice_lists.list_invoices(connection, read.clinic_id, wanted, now, after, paging.fetch)
        await show_drafts(connection, read.clinic_id, found, now)
        parts = await parts_of_many(connection, found)
    page = paging.page(found, key=order.key, show=lambda one: InvoiceSummary.of(one, now, parts[one.id]))
    return read.answer(page)


@router.get(
    "/v1/invoices/{invoice_id}", response_model=InvoiceWithPlan, responses=problems(404), summary="Read an invoice"
)
async def get_invoice(invoice_id: UUID, read: InvoicesRead, day: Annotated[ClinicDay, Depends()]) -> Response:
    """An invoice's whole story: lines, totals, notes, the payments that settled it, its plan's next installment."""
    async with read as connection:
        invoice = await invoices.find(connection, invoice_id, notes=True)
        now = await day.today(connection, read.clinic_id)
        await show_drafts(connection, read.clinic_id, [invoice], now)
        shown = await shown_whole(connection, invoice, now)
    return read.answer(shown, etag=invoice.version)


@router.put(
    "/v1/invoices/{invoice_id}",
    response_model=InvoiceOut,
    responses=problems(404, 409, 412, 422, 428),
    summary="Replace a draft",
)
async def put_draft(
    invoice_id: UUID,
    body: DraftIn,
    change: InvoicesWrite,
) -> Response:
    """Replace what a draft says, as a whole; procedures that it no longer bills are free again."""
    version = change.if_match()
    async with change as work:
        invoice = await change_draft(work, ChangeDraft(invoice_id, version, body.to_domain()))
        return change.answer(200, _fresh(invoice), etag=invoice.version)


@router.delete(
    "/v1/invoices/{invoice_id}",
    status_code=204,
    response_class=Response,
    responses=problems(404, 409, 412, 428),
    summary="Delete a draft",
)
async def delete_invoice(
    invoice_id: UUID,
    change: InvoicesWrite,
) -> Response:
    """Delete a draft; its procedures are free again. An issued invoice is voided or credited instead."""
    version = change.if_match()
    async with change as work:
        await delete_draft(work, invoice_id, version)
        return change.answer(204)


@router.post(
    "/v1/invoices/{invoice_id}/issue",
    response_model=InvoiceOut,
    responses=problems(404, 409, 422),
    summary="Issue a draft",
)
async def post_issue(invoice_id: UUID, change: InvoicesWrite, body: IssueDraftIn | None = None) -> Response:
    """Freeze and number a draft, dated today in the clinic's zone.

    Where prices, rates or categories have changed since it was written, it is refused with 409 and the new totals,
    until they are confirmed (`MON-9`): with the draft's `confirmation`.
    """
    confirmed = body.confirmed() if body else NOTHING_CONFIRMED
    async with change as work:
        invoice = await issue_invoice(work, invoice_id, confirmed)
        return change.answer(200, _fresh(invoice), etag=invoice.version)


@router.post(
    "/v1/invoices/issue",
    response_model=IssuedOut,
    responses=problems(409, 422),
    summary="Issue chosen drafts",
)
async def post_issue_chosen(body: IssueIn, change: InvoicesWrite) -> Response:
    """Issue drafts in one go, numbered in the order given: all of them, or none and each that failed is named."""
    body.require_each_once()
    try:
        async with change as work:
            issued = await issue_chosen(work, body.invoice_ids, body.all_confirmed())
            items = [InvoiceSummary.of(invoice, invoice.issue_date) for invoice in issued]
            return change.answer(200, IssuedOut.model_construct(items=items))
    except NotAllIssued as refused:
        raise not_all_issued(refused, body.invoice_ids) from refused


@router.post(
    "/v1/invoices/{invoice_id}/void",
    response_model=InvoiceOut,
    responses=problems(404, 409, 422) | REQUESTED,
    summary="Void an invoice",
)
async def post_void(invoice_id: UUID, body: ReasonIn, change: InvoicesWrite) -> Response:
    """Take an invoice back that nothing was paid on; it keeps its number and frees its procedures (`INV-8`).

    With money on it, it is refused with 409, naming the payments. Where it asks for more than one person may credit
    alone (`credit_limit`), it becomes a request (202) that another person has to approve (`PAY-15`).
    """
    async with change as work:
        try:
            invoice = await void_invoice(work, invoice_id, body.reason)
        except CreditNeedsApproval as above:
            return requested(change, await request_credit(work, VoidInvoice(invoice_id, body.reason), above))
        return change.answer(200, _fresh(invoice), etag=invoice.version)


def _fresh(invoice: Invoice) -> InvoiceOut:
    """An invoice just changed here: a draft, one issued today, or a void one. None of them can be overdue."""
    return InvoiceOut.whole(
        invoice, invoice.issue_date if isinstance(invoice, FrozenInvoice) else invoice.created_at.date()
    )


async def shown_whole(connection: AsyncConnection, invoice: Invoice, now: date) -> InvoiceWithPlan:
    """An invoice with the payments that settled it, what insurers decided on it, and what of its plan comes next."""
    paid = await settlements.payments_of(connection, invoice.id)
    decided = await adjudications.rows_of(connection, [invoice.id])
    came = (await settlements.of_insurers(connection, [invoice.id]))[invoice.id]
    insurers = insurers_on(AdjudicatedInvoice(invoice, decided.get(invoice.id, ())))
    named = await payer_identities.named_for(connection, invoice.clinic_id, came.by_payer.keys() - insurers)
    whole = InvoiceOut.whole(invoice, now, paid, decided.get(invoice.id, ()), came.named(named))
    if invoice.plan_id is None:
        return InvoiceWithPlan.model_construct(**dict(whole), next_installment=None)
    plan = await installment_plans.find(connection, invoice.plan_id)
    return InvoiceWithPlan.model_construct(**dict(whole), next_installment=next_installment(plan, now))
