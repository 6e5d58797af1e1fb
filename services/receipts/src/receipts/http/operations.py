"""For operators: what could not be rendered, and the proof that everything else is as it should be."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from chassis.http import NotFound, Page, Paging, problems
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from receipts.http.operation_responses import ProofOut, RetriedOut, SetAsideOut
from receipts.http.scopes import OperationsRead, OperationsWrite
from receipts.persistence import render_tasks
from receipts.persistence.render_tasks import BELL
from receipts.use_cases.prove_documents import prove_documents
from receipts.use_cases.prove_receipts import prove_receipts

router = APIRouter(tags=["operations"])


@router.get("/v1/prove", response_model=ProofOut)
async def prove(request: Request, read: OperationsRead) -> Response:
    """Recount the clinic's receipts, rehash its documents, and show each difference (`ALL-8`).

    Of documents in an object store, some at random are rehashed; `receipts verify-documents` rehashes all.
    """
    async with read as connection:
        proven = await prove_receipts(connection, read.clinic_id)
    resources = request.app.state.resources
    sampled = await prove_documents(resources.database, resources.state.store, read.clinic_id)
    return read.answer(ProofOut.of(replace(proven, differences=[*proven.differences, *sampled.differences])))


@router.get("/v1/set-aside-documents", response_model=Page[SetAsideOut], responses=problems(422))
async def list_set_aside_documents(read: OperationsRead, paging: Annotated[Paging, Depends()]) -> Response:
    """The clinic's documents that could not be rendered, each with its reason (`ALL-7`)."""
    after = paging.after_of(UUID, str)
    async with read as connection:
        found = await render_tasks.set_aside_of(connection, read.clinic_id, after=after, limit=paging.fetch)
    return read.answer(paging.page(found, lambda task: (task.document_id, task.rendition), SetAsideOut.of))


@router.post(
    "/v1/set-aside-documents/{document_id}/retry",
    status_code=202,
    response_model=RetriedOut,
    responses=problems(404),
)
async def retry_set_aside_document(document_id: UUID, change: OperationsWrite) -> Response:
    """Render it again, now that what was wrong is mended."""
    async with change as work:
        if not await render_tasks.retry(work.connection, work.clinic_id, document_id):
            raise NotFound(f"nothing of document {document_id} is set aside")
        work.ring(BELL)
        return change.answer(202, RetriedOut(document_id=document_id))
