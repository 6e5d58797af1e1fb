"""Invoices as PDF."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import problems, until_known
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from receipts.domain.errors import InvoiceUnknown
from receipts.domain.printed_invoice import KeptInvoice
from receipts.http.pdf import PDF, document_answer, patience
from receipts.http.scopes import ReceiptsRead
from receipts.persistence import invoices
from receipts.use_cases.find_document import FindDocument

router = APIRouter(tags=["invoices"])


@router.get("/v1/invoices/{id}/pdf", response_class=Response, responses=PDF | problems(404, 409, 410, 503))
async def get_invoice_pdf(
    request: Request,
    id: UUID,  # noqa: A002  the path says id
    read: ReceiptsRead,
    original: Annotated[bool, Query(description="The original's bytes even though it is void by now.")] = False,
) -> Response:
    """The issued invoice as PDF: rendered when first asked for, the same bytes ever after."""

    async def known() -> KeptInvoice | None:
        async with read as connection:
            return await invoices.find(connection, id)

    invoice = await until_known(known, seconds=patience(request))
    if invoice is None:
        raise InvoiceUnknown(id)
    rendition = "void" if invoice.voided_at and not original else "original"
    wanted = FindDocument(
        clinic_id=read.clinic_id, kind="invoice", document_id=id, rendition=rendition, subject=read.subject
    )
    return await document_answer(
        request, wanted, invoice.number if rendition == "original" else f"{invoice.number}-void"
    )
