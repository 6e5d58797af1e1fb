"""Receipts: listed, found, printed."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal
from uuid import UUID

from chassis.http import Invalid, Page, Paging, Read, problems, until_known
from chassis.http.period import require_in_order
from chassis.http.time import Day
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from receipts.domain.errors import ReceiptNotKnownYet, ReceiptsNotKnownYet, ReceiptsUnknown, ReceiptUnknown
from receipts.domain.receipt import Receipt, ReceiptFilter, ReceiptPaper, rendition_of
from receipts.domain.stored_document import StoredDocument
from receipts.http.pdf import PDF, document_answer, in_line, patience, pdf_answer, waiting
from receipts.http.receipt_responses import ReceiptOut
from receipts.http.scopes import ReceiptsRead
from receipts.persistence import receipts
from receipts.persistence.queries import receipts_where
from receipts.use_cases.find_document import FindDocument
from receipts.use_cases.find_receipts import FindReceipts, find_receipts

router = APIRouter(tags=["receipts"])
MOST_PRINTED = 50

Variant = Annotated[
    Literal["standard", "brief"],
    Query(description="`brief` shows no procedure detail, only invoices and amounts (`RCP-2`)."),
]
Paper = Annotated[
    ReceiptPaper,
    Query(description="`roll` for an 80 mm receipt printer; `sheet` is A4 or Letter, as the clinic has it (`RCP-4`)."),
]
Copy = Annotated[bool, Query(description="Stamped COPY, as a reprint is (`RCP-1`).")]
Original = Annotated[bool, Query(description="The original's bytes even though it is void by now (`RCP-3`).")]


@router.get("/v1/receipts", response_model=Page[ReceiptOut], responses=problems(422))
async def list_receipts(
    read: ReceiptsRead,
    paging: Annotated[Paging, Depends()],
    patient_id: UUID | None = None,
    transaction_id: UUID | None = None,
    number: Annotated[str | None, Query(max_length=60)] = None,
    from_day: Annotated[Day | None, Query(alias="from", description="Numbered on this day or later.")] = None,
    to_day: Annotated[Day | None, Query(alias="to", description="Numbered on this day or earlier.")] = None,
) -> Response:
    """The clinic's receipts, newest first."""
    require_in_order(from_day, to_day)
    wanted = ReceiptFilter(
        patient_id=patient_id, transaction_id=transaction_id, number=number, from_day=from_day, to_day=to_day
    )
    before = paging.after_value(int)
    async with read as connection:
        found = await receipts_where(connection, read.clinic_id, wanted, before_serial=before, limit=paging.fetch)
    return read.answer(paging.page(found, lambda receipt: (receipt.serial,), ReceiptOut.of))


@router.get("/v1/receipts/print", response_class=Response, responses=PDF | problems(404, 409, 410, 422, 503))
async def print_receipts(
    request: Request,
    read: ReceiptsRead,
    ids: Annotated[list[UUID], Query(alias="id", max_length=MOST_PRINTED, description="Receipts, in this order.")] = [],  # noqa: B006  FastAPI copies it
    transaction_ids: Annotated[
        list[UUID],
        Query(alias="transaction_id", max_length=MOST_PRINTED, description="Or the transactions that they prove."),
    ] = [],  # noqa: B006  FastAPI copies it
    variant: Variant = "standard",
    copy: Copy = False,
    paper: Paper = "sheet",
) -> Response:
    """Several receipts as one PDF, for the printer: all of them, or none and the answer names each that is missing.

    Give receipts or transactions. One that is named twice is printed once. `missing` of the problem lists the receipts
    that are not known (422), the transactions that have none, or not yet (404 with `Retry-After`), and what is still
    being rendered (404 likewise), set aside (409) or deleted, as its retention has ended (410).
    """
    found = await _selected(request, read, ids, transaction_ids)
    chosen = {
        one.receipt_id: rendition_of(one, brief=variant == "brief", copy=copy, original=False, paper=paper).name
        for one in found
    }
    command = FindReceipts(clinic_id=read.clinic_id, renditions=chosen, subject=read.subject)
    resources = request.app.state.resources
    async with in_line(request):
        documents = await find_receipts(resources.database, resources.state.store, command, waiting(request))
    from receipts.documents.render.bundle import bundled

    pdf = await asyncio.to_thread(bundled, [document.pdf for document in documents])
    return pdf_answer(request, StoredDocument.of(pdf), "receipts")


async def _selected(request: Request, read: Read, ids: list[UUID], transaction_ids: list[UUID]) -> list[Receipt]:
    """The receipts, each once, in the order asked for. Raises Invalid, ReceiptsUnknown, ReceiptsNotKnownYet.

    Those of transactions just recorded are waited for as one is (`RCP-5`).
    """
    if bool(ids) == bool(transaction_ids):
        raise Invalid("id", "Give either receipts (`id`) or transactions (`transaction_id`)")
    wanted = list(dict.fromkeys(ids or transaction_ids))
    found: dict[UUID, Receipt] = {}

    async def known() -> bool | None:
        async with read as connection:
            found.update(await (receipts.several if ids else receipts.of_transactions)(connection, wanted))
        return True if ids or len(found) == len(wanted) else None

    await until_known(known, seconds=patience(request))
    if unknown := [id_ for id_ in wanted if id_ not in found]:
        raise ReceiptsUnknown(unknown) if ids else ReceiptsNotKnownYet(unknown)
    return [found[id_] for id_ in wanted]


@router.get("/v1/receipts/{id}", response_model=ReceiptOut, responses=problems(404))
async def get_receipt(id: UUID, read: ReceiptsRead) -> Response:  # noqa: A002  the path says id
    """One receipt."""
    return read.answer(ReceiptOut.of(await _receipt(read, id)))


@router.get("/v1/receipts/{id}/pdf", response_class=Response, responses=PDF | problems(404, 409, 410, 503))
async def get_receipt_pdf(
    request: Request,
    id: UUID,  # noqa: A002  the path says id
    read: ReceiptsRead,
    variant: Variant = "standard",
    copy: Copy = False,
    original: Original = False,
    paper: Paper = "sheet",
) -> Response:
    """The receipt as PDF: the original's bytes, or stamped VOID once its transaction was undone."""
    receipt = await _receipt(read, id)
    rendition = rendition_of(receipt, brief=variant == "brief", copy=copy, original=original, paper=paper)
    return await _pdf(request, read, receipt, rendition.name)


@router.get("/v1/transactions/{transaction_id}/receipt", response_model=ReceiptOut, responses=problems(404))
async def get_receipt_of_transaction(request: Request, transaction_id: UUID, read: ReceiptsRead) -> Response:
    """The receipt of a payment or refund; asked for just after it, this waits for it briefly (`RCP-5`)."""
    return read.answer(ReceiptOut.of(await _receipt_of(request, read, transaction_id)))


@router.get(
    "/v1/transactions/{transaction_id}/receipt.pdf",
    response_class=Response,
    responses=PDF | problems(404, 409, 410, 503),
)
async def get_receipt_pdf_of_transaction(
    request: Request,
    transaction_id: UUID,
    read: ReceiptsRead,
    variant: Variant = "standard",
    copy: Copy = False,
    original: Original = False,
    paper: Paper = "sheet",
) -> Response:
    """The receipt of a payment or refund as PDF; asked for just after it, this waits for it briefly (`RCP-5`)."""
    receipt = await _receipt_of(request, read, transaction_id)
    rendition = rendition_of(receipt, brief=variant == "brief", copy=copy, original=original, paper=paper)
    return await _pdf(request, read, receipt, rendition.name)


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

    receipt = await until_known(known, seconds=patience(request))
    if receipt is None:
        raise ReceiptNotKnownYet(transaction_id)
    return receipt


async def _pdf(request: Request, read: Read, receipt: Receipt, rendition: str) -> Response:
    name = receipt.number if rendition == "original" else f"{receipt.number}-{rendition.replace('-original', '')}"
    return await document_answer(request, _wanted(read, receipt, rendition), name)


def _wanted(read: Read, receipt: Receipt, rendition: str) -> FindDocument:
    return FindDocument(
        clinic_id=read.clinic_id,
        kind="receipt",
        document_id=receipt.receipt_id,
        rendition=rendition,
        subject=read.subject,
    )
