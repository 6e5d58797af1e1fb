"""Documents looked for together, by whoever fetches many: a service that sends them by mail."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import Invalid, problems
from chassis.sentence import Sentence
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from receipts.domain.requested_document import RequestedDocument
from receipts.http.document_responses import WantedDocumentsOut
from receipts.http.pdf import in_line, priority_of
from receipts.http.scopes import ReceiptsRead
from receipts.use_cases.request_documents import RequestDocuments, request_documents

router = APIRouter(tags=["documents"])
MOST_WANTED = 100
Ids = Annotated[list[UUID], Query(max_length=MOST_WANTED)]


@router.get("/v1/documents", response_model=WantedDocumentsOut, responses=problems(422))
async def get_documents(
    request: Request,
    read: ReceiptsRead,
    receipt: Ids = [],  # noqa: B006  FastAPI copies it
    invoice: Ids = [],  # noqa: B006  FastAPI copies it
    installment_plan: Ids = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Which of these documents are made, at once and without waiting; those that are not are made from now on.

    One that is `ready` is fetched where it always is; `unknown` is what there is no such thing of, or not yet.
    """
    requested = [
        *(RequestedDocument("receipt", id_) for id_ in receipt),
        *(RequestedDocument("invoice", id_) for id_ in invoice),
        *(RequestedDocument("installment_plan", id_) for id_ in installment_plan),
    ]
    if not 1 <= len(requested) <= MOST_WANTED:
        raise Invalid("receipt", Sentence("Name between 1 and {most} documents in all", most=MOST_WANTED))
    command = RequestDocuments(
        clinic_id=read.clinic_id, requested=requested, subject=read.subject, priority=priority_of(request)
    )
    async with in_line(request):
        found = await request_documents(request.app.state.resources.database, command)
    return read.answer(WantedDocumentsOut.of(found))
