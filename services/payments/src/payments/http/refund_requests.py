"""Refunds and cancellations above the clinic's limit: requested by one, decided by another (`ALL-5`, `PAY-15`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import Change, NotFound, Page, Paging, problems
from fastapi import APIRouter, Depends, Response

from payments.domain.refund_request import RefundRequest, RequestFilter, RequestState
from payments.http.payment_requests import DecisionIn
from payments.http.refund_request_responses import RefundRequestOut
from payments.http.scopes import PaymentsApprove, PaymentsRead, PaymentsReverse
from payments.persistence import refund_requests
from payments.use_cases.decide_on_refund import ApproveRefund, RejectRefund, RetractRefund, decide_on_refund

router = APIRouter(prefix="/v1/refund-requests", tags=["refund requests"])


def requested(change: Change, request: RefundRequest) -> Response:
    """The answer where a refund or a cancellation became a request."""
    return change.answer(202, RefundRequestOut.of(request), location=f"/v1/refund-requests/{request.request_id}")


@router.get("", response_model=Page[RefundRequestOut], responses=problems(422))
async def get_refund_requests(
    read: PaymentsRead,
    paging: Annotated[Paging, Depends()],
    state: RequestState | None = None,
    patient_id: UUID | None = None,
    payment_id: UUID | None = None,
    requested_by: str | None = None,
) -> Response:
    """Requests by state, the latest first: `state=requested` is what waits for somebody."""
    before = paging.after_value(UUID)
    wanted = RequestFilter(state, patient_id, payment_id, requested_by, before=before)
    async with read as connection:
        found = await refund_requests.listed(connection, read.clinic_id, wanted, paging.fetch)
    return read.answer(paging.page(found, lambda request: (request.request_id,), RefundRequestOut.of))


@router.get("/{request_id}", response_model=RefundRequestOut, responses=problems(404))
async def get_refund_request(request_id: UUID, read: PaymentsRead) -> Response:
    """A request, and what became of it."""
    async with read as connection:
        found = await refund_requests.listed(connection, read.clinic_id, RequestFilter(request_id=request_id), 1)
    if not found:
        raise NotFound("there is no such refund request")
    return read.answer(RefundRequestOut.of(found[0]))


@router.post("/{request_id}/approval", response_model=RefundRequestOut, responses=problems(403, 404, 409, 422))
async def post_approval(request_id: UUID, change: PaymentsApprove) -> Response:
    """Approve a request of somebody else: the refund or cancellation is decided anew and made at once.

    What can no longer be refunded or cancelled is refused with the reason, and the request stays.
    """
    return await _decided(change, ApproveRefund(request_id))


@router.post("/{request_id}/rejection", response_model=RefundRequestOut, responses=problems(403, 404, 409, 422))
async def post_rejection(request_id: UUID, body: DecisionIn, change: PaymentsApprove) -> Response:
    """Reject a request of somebody else."""
    return await _decided(change, RejectRefund(request_id, body.reason))


@router.post("/{request_id}/withdrawal", response_model=RefundRequestOut, responses=problems(403, 404, 409, 422))
async def post_request_withdrawal(request_id: UUID, body: DecisionIn, change: PaymentsReverse) -> Response:
    """Withdraw a request of one's own."""
    return await _decided(change, RetractRefund(request_id, body.reason))


async def _decided(change: Change, command: ApproveRefund | RejectRefund | RetractRefund) -> Response:
    async with change as work:
        request = await decide_on_refund(work, command)
        return change.answer(200, RefundRequestOut.of(request))
