"""Receipts: listed, found, printed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Annotated, Literal
from uuid import UUID

from chassis.http import Page, Paging, Read, Reading, problems, until_known
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from receipts.domain.errors import ReceiptNotKnownYet, ReceiptsUnknown, ReceiptUnknown
from receipts.domain.receipt import Receipt, rendition_of
from receipts.http.pdf import PDF, document_answer, pdf_answer, unstored
from receipts.http.schemas import ReceiptOut
from receipts.persistence import receipts
from receipts.persistence.queries import ReceiptFilter, receipts_where
from receipts.use_cases.find_document import FindDocument, find_document

router = APIRouter(tags=["receipts"])
MAY_READ = Annotated[Read, Depends(Reading("receipts:read"))]
MOST_PRINTED = 50

Variant = Annotated[
    Literal["standard", "brief"],
    Query(description="`brief` shows no procedure detail, only invoices and amounts (`RCP-2`)."),
]
Copy = Annotated[bool, Query(description="Stamped COPY, as a reprint is (`RCP-1`).")]
Original = Annotated[bool, Query(description="The original's bytes even though it is void by now (`RCP-3`).")]


@router.get("/v1/receipts", response_model=Page[ReceiptOut], responses=problems(422))
async def list_receipts(
    read: MAY_READ,
    paging: Annotated[Paging, Depends()],
    patient_id: UUID | None = None,
    transaction_id: UUID | None = None,
    number: Annotated[str | None, Query(max_length=60)] = None,
    from_day: Annotated[Day | None, Query(alias="from", description="Numbered on this day or later.")] = None,
    to_day: Annotated[Day | None, Query(alias="to", description="Numbered on this day or earlier.")] = None,
) -> Response:
    """The clinic's receipts, newest first."""
    wanted = ReceiptFilter(
        patient_id=patient_id, transaction_id=transaction_id, number=number, from_day=from_day, to_day=to_day
    )
    before = paging.after[0] if paging.after else None
    async with read as connection:
        found = await receipts_where(connection, read.clinic_id, wanted, before_serial=before, limit=paging.fetch)
    return read.answer(paging.page(found, lambda receipt: (receipt.serial,), ReceiptOut.of))


@router.get("/v1/receipts/print", response_class=Response, responses=PDF | problems(404, 409, 422))
async def print_receipts(
    request: Request,
    read: MAY_READ,
    ids: Annotated[list[UUID], Query(alias="id", min_length=1, max_length=MOST_PRINTED, description="In this order.")],
    variant: Variant = "standard",
    copy: Copy = False,
) -> Response:
    """Several receipts as one PDF, for the printer: all of them, or none and the answer names those unknown."""
    async with read as connection:
        found = await receipts.several(connection, ids)
    if unknown := [one for one in ids if one not in found]:
        raise ReceiptsUnknown(unknown)
    resources = request.app.state.resources
    wait = partial(until_known, seconds=resources.settings.document_wait_seconds)
    pdfs = []
    for one in dict.fromkeys(ids):
        wanted = _wanted(
            read, found[one], rendition_of(found[one], brief=variant == "brief", copy=copy, original=False)
        )
        pdfs.append((await find_document(resources.database, wanted, wait)).pdf)
    from receipts.documents.render.bundle import bundled

    return pdf_answer(request, unstored(await asyncio.to_thread(bundled, pdfs)), "receipts")


@router.get("/v1/receipts/{id}", response_model=ReceiptOut, responses=problems(404))
async def get_receipt(id: UUID, read: MAY_READ) -> Response:  # noqa: A002  the path says id
    """One receipt."""
    return read.answer(ReceiptOut.of(await _receipt(read, id)))


@router.get("/v1/receipts/{id}/pdf", response_class=Response, responses=PDF | problems(404, 409))
async def get_receipt_pdf(
    request: Request,
    id: UUID,  # noqa: A002  the path says id
    read: MAY_READ,
    variant: Variant = "standard",
    copy: Copy = False,
    original: Original = False,
) -> Response:
    """The receipt as PDF: the original's bytes, or stamped VOID once its transaction was undone."""
    receipt = await _receipt(read, id)
    return await _pdf(request, read, receipt, variant, copy=copy, original=original)


@router.get("/v1/transactions/{transaction_id}/receipt", response_model=ReceiptOut, responses=problems(404))
async def get_receipt_of_transaction(request: Request, transaction_id: UUID, read: MAY_READ) -> Response:
    """The receipt of a payment or refund; asked for just after it, this waits for it briefly (`RCP-5`)."""
    return read.answer(ReceiptOut.of(await _receipt_of(request, read, transaction_id)))


@router.get(
    "/v1/transactions/{transaction_id}/receipt.pdf", response_class=Response, responses=PDF | problems(404, 409)
)
async def get_receipt_pdf_of_transaction(
    request: Request,
    transaction_id: UUID,
    read: MAY_READ,
    variant: Variant = "standard",
    copy: Copy = False,
    original: Original = False,
) -> Response:
    """The receipt of a payment or refund as PDF; asked for just after it, this waits for it briefly (`RCP-5`)."""
    receipt = await _receipt_of(request, read, transaction_id)
    return await _pdf(request, read, receipt, variant, copy=copy, original=original)


async def _receipt(read: Read, receipt_id: UUID) -> Receipt:
    async with read as connection:
        receipt = await receipts.find(connection, receipt_id)
    if receipt is None:
        raise ReceiptUnknown(receipt_id)
    return receipt


async def _receipt_of(request: Request, read: Read, transaction_id: UUID) -> Receipt:
    async def known() -> Receipt | None:
        async with read as connection:
            return await receipts.of_transaction(connection, transaction_id)

    receipt = await until_known(known, seconds=request.app.state.resources.settings.document_wait_seconds)
    if receipt is None:
        raise ReceiptNotKnownYet(transaction_id)
    return receipt


async def _pdf(request: Request, read: Read, receipt: Receipt, variant: str, *, copy: bool, original: bool) -> Response:
    rendition = rendition_of(receipt, brief=variant == "brief", copy=copy, original=original)
    name = receipt.number if rendition == "original" else f"{receipt.number}-{rendition}"
    return await document_answer(request, _wanted(read, receipt, rendition), name)


def _wanted(read: Read, receipt: Receipt, rendition: str) -> FindDocument:
    return FindDocument(
        clinic_id=read.clinic_id,
        kind="receipt",
        document_id=receipt.receipt_id,
        rendition=rendition,
        subject=read.subject,
    )
