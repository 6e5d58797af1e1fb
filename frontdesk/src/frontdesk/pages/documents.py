"""PDF of the receipts service, through this page's own address and session."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from frontdesk.clients import Refused
from frontdesk.desk import AtDesk, Desk, Id, Notice

router = APIRouter()
NOT_FOUND = 404
PRINTED_MAX = 100


@router.get("/print")
async def print_receipts(
    desk: AtDesk,
    transaction: Annotated[list[UUID], Query(max_length=PRINTED_MAX)],
    paper: str = "sheet",
    variant: str = "standard",
) -> Response:
    """The receipts of transactions, one or several, as one PDF."""
    ids = [str(id_) for id_ in transaction]
    if len(ids) == 1:
        return await _pdf(desk, "/v1/transactions/{}/receipt.pdf", ids[0], paper=paper, variant=variant)
    return await _pdf(desk, "/v1/receipts/print", transaction_id=ids, paper=paper, variant=variant)


@router.get("/documents/invoices/{invoice_id}.pdf")
async def invoice(desk: AtDesk, invoice_id: Id) -> Response:
    """An invoice."""
    return await _pdf(desk, "/v1/invoices/{}/pdf", invoice_id)


@router.get("/documents/notes/{side}/{note_id}.pdf")
async def note(desk: AtDesk, side: str, note_id: Id) -> Response:
    """A credit or debit note."""
    return await _pdf(desk, "/v1/credit-notes/{}/pdf" if side == "credit" else "/v1/debit-notes/{}/pdf", note_id)


@router.get("/documents/plans/{plan_id}.pdf")
async def agreement(desk: AtDesk, plan_id: Id) -> Response:
    """The agreement of an installment plan, to be signed."""
    return await _pdf(desk, "/v1/installment-plans/{}/agreement.pdf", plan_id)


@router.get("/documents/installments/{installment_id}.pdf")
async def demand(desk: AtDesk, installment_id: Id) -> Response:
    """What one installment asks for."""
    return await _pdf(desk, "/v1/installments/{}/demand.pdf", installment_id)


@router.get("/documents/statements/{patient_id}.pdf")
async def statement(
    desk: AtDesk,
    patient_id: Id,
    since: Annotated[str, Query(alias="from")] = "",
    until: Annotated[str, Query(alias="to")] = "",
) -> Response:
    """A patient's statement."""
    return await _pdf(desk, "/v1/patients/{}/statement.pdf", patient_id, from_=since or None, to=until or None)


@router.get("/documents/days/{day}.pdf")
async def day_sheet(desk: AtDesk, day: str) -> Response:
    """A day sheet."""
    return await _pdf(desk, "/v1/day-sheets/{}.pdf", day)


async def _pdf(desk: Desk, path: str, *ids: Id | str, **asked: Any) -> Response:
    try:
        got = await desk.services.file("receipts", path, *ids, **asked)
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        text = desk.t("It is not printed yet. Try again in a moment.")
        return desk.page("trouble.html", status=NOT_FOUND, notice=Notice(text, "trouble"), heading=text)
    named = got.headers.get("content-disposition", "inline").replace("attachment", "inline")
    return Response(got.content, media_type="application/pdf", headers={"Content-Disposition": named})
