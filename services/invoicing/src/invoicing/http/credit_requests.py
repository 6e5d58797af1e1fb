"""Credits above the clinic's limit: requested by one person, approved or rejected by another (`PAY-15`)."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from chassis.http import Change, Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.domain.credit_request import CreditRequest, CreditRequestFilter, CreditRequestState
from invoicing.domain.errors import NotFound
from invoicing.http.credit_request_responses import CreditRequestOut
from invoicing.http.note_requests import ReasonIn
from invoicing.http.scopes import InvoicesApprove, InvoicesRead, InvoicesWrite
from invoicing.persistence import credit_requests
from invoicing.use_cases.decide_on_credit import DecideOnCredit, Decision, decide_on_credit

router = APIRouter(prefix="/v1/credit-requests", tags=["credit requests"])


REQUESTED: dict[int | str, dict[str, Any]] = {
    202: {"description": "Above the clinic's limit: another person has to approve it", "model": CreditRequestOut}
}


def requested(change: Change, request: CreditRequest) -> Response:
    """The answer where a credit became a request."""
    return change.answer(202, CreditRequestOut.of(request), location=f"/v1/credit-requests/{request.id}")


@router.get("", response_model=Page[CreditRequestOut], responses=problems(422), summary="List credit requests")
async def get_credit_requests(
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    state: CreditRequestState | None = None,
    patient_id: UUID | None = None,
    invoice_id: UUID | None = None,
) -> Response:
    """Requests by state, the latest first: `state=requested` is what waits for somebody."""
    before = paging.after_value(UUID)
    wanted = CreditRequestFilter(state, patient_id, invoice_id, before=before)
    async with read as connection:
        found = await credit_requests.listed(connection, read.clinic_id, wanted, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.id,), CreditRequestOut.of))


@router.get("/{request_id}", response_model=CreditRequestOut, responses=problems(404, 422), summary="Read one")
async def get_credit_request(request_id: UUID, read: InvoicesRead) -> Response:
    """A request, and what became of it."""
    async with read as connection:
        found = await credit_requests.listed(connection, read.clinic_id, CreditRequestFilter(id=request_id), 1)
    if not found:
        raise NotFound("credit request", request_id)
    return read.answer(CreditRequestOut.of(found[0]))


@router.post(
    "/{request_id}/approval",
    response_model=CreditRequestOut,
    responses=problems(403, 404, 409, 422),
    summary="Approve a credit",
)
async def post_credit_approval(request_id: UUID, change: InvoicesApprove) -> Response:
    """Approve a request of somebody else: the credit note, or the void, is decided anew and made at once.

    What can no longer be credited, or would come to another amount, is refused with the reason, and the request stays.
    """
    return await _decided(change, request_id, "approve", "")


@router.post(
    "/{request_id}/rejection",
    response_model=CreditRequestOut,
    responses=problems(403, 404, 409, 422),
    summary="Reject a credit",
)
async def post_credit_rejection(request_id: UUID, body: ReasonIn, change: InvoicesApprove) -> Response:
    """Reject a request of somebody else."""
    return await _decided(change, request_id, "reject", body.reason)


@router.post(
    "/{request_id}/withdrawal",
    response_model=CreditRequestOut,
    responses=problems(403, 404, 409, 422),
    summary="Withdraw a request for a credit",
)
async def post_credit_withdrawal(request_id: UUID, body: ReasonIn, change: InvoicesWrite) -> Response:
    """Withdraw a request of one's own."""
    return await _decided(change, request_id, "withdraw", body.reason)


async def _decided(change: Change, request_id: UUID, decision: Decision, reason: str) -> Response:
    async with change as work:
        request = await decide_on_credit(work, DecideOnCredit(request_id, decision, reason))
        return change.answer(200, CreditRequestOut.of(request))
