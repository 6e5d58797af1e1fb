"""Insurers' decisions: listed, and those that were set aside tried again or dismissed (`INS-3`, `INS-4`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import TEXT, Page, Paging, problems
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from invoicing.domain.adjudication import AdjudicationFilter
from invoicing.domain.parked_adjudication import ParkedFilter, ParkedState
from invoicing.http.insurance_requests import RetryIn
from invoicing.http.insurance_responses import DecisionOut, SetAsideOut
from invoicing.http.note_requests import ReasonIn
from invoicing.http.scopes import InvoicesRead, InvoicesWrite
from invoicing.persistence import adjudications, parked_adjudications
from invoicing.use_cases.dismiss_parked_adjudication import dismiss_parked_adjudication
from invoicing.use_cases.retry_parked_adjudication import retry_parked_adjudication

router = APIRouter(tags=["insurance"])


class WantedDecisions:
    """The filters of the list of decisions."""

    def __init__(
        self,
        patient_id: UUID | None = None,
        invoice_id: UUID | None = None,
        payer_id: UUID | None = None,
        claim_id: UUID | None = None,
        decision_id: UUID | None = None,
        remittance_id: UUID | None = None,
        remittance_reference: Annotated[
            str | None,
            Query(max_length=80, pattern=TEXT, description="The trace number of the transfer that told of it"),
        ] = None,
    ) -> None:
        self.filter = AdjudicationFilter(
            patient_id, invoice_id, payer_id, claim_id, decision_id, remittance_id, remittance_reference
        )


class WantedSetAside:
    """The filters of the list of decisions that were set aside."""

    def __init__(
        self,
        state: ParkedState | None = None,
        patient_id: UUID | None = None,
        invoice_id: UUID | None = None,
        payer_id: UUID | None = None,
        remittance_id: UUID | None = None,
    ) -> None:
        self.filter = ParkedFilter(state, patient_id, invoice_id, payer_id, remittance_id)


@router.get(
    "/v1/insurance-decisions",
    response_model=Page[DecisionOut],
    responses=problems(422),
    summary="List insurers' decisions",
)
async def list_decisions(
    read: InvoicesRead, paging: Annotated[Paging, Depends()], wanted: Annotated[WantedDecisions, Depends()]
) -> Response:
    """What insurers decided on claims, by line and with the reasons, those applied last first.

    A claim has several where a later one corrects or reverses an earlier one: their sum counts.
    """
    async with read as connection:
        after = paging.after_value(UUID)
        found = await adjudications.listed(connection, read.clinic_id, wanted.filter, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda decision: (decision.id,), show=DecisionOut.of))


@router.get(
    "/v1/set-aside-decisions",
    response_model=Page[SetAsideOut],
    responses=problems(422),
    summary="List decisions that were set aside",
)
async def list_set_aside(
    read: InvoicesRead, paging: Annotated[Paging, Depends()], wanted: Annotated[WantedSetAside, Depends()]
) -> Response:
    """Decisions that do not balance, are by somebody else, or about something else, each with the reason; newest first.

    One about an invoice that is not issued yet (`unknown_invoice`) is applied by itself once it is.
    """
    async with read as connection:
        after = paging.after_value(UUID)
        found = await parked_adjudications.listed(connection, read.clinic_id, wanted.filter, after, paging.fetch)
    return read.answer(paging.page(found, key=lambda parked: (parked.id,), show=SetAsideOut.of))


@router.post(
    "/v1/set-aside-decisions/{set_aside_id}/retry",
    response_model=SetAsideOut,
    responses=problems(404, 409, 422),
    summary="Try a decision again",
)
async def post_retry(set_aside_id: UUID, change: InvoicesWrite, body: RetryIn | None = None) -> Response:
    """Try to apply a decision that was set aside; it stays open, with the reason of now, where that fails.

    One by a payer who is not on the invoice (`payer_not_on_invoice`) is applied with a `payer_id` that says who that
    is: one of the invoice's insurers, or its own, to take it as a further one. It is remembered for that payer.
    """
    async with change as work:
        parked = await retry_parked_adjudication(work, set_aside_id, body.payer_id if body else None)
        return change.answer(200, SetAsideOut.of(parked))


@router.post(
    "/v1/set-aside-decisions/{set_aside_id}/dismiss",
    response_model=SetAsideOut,
    responses=problems(404, 409, 422),
    summary="Dismiss a decision",
)
async def post_dismissal(set_aside_id: UUID, body: ReasonIn, change: InvoicesWrite) -> Response:
    """Say that a decision that was set aside is never applied, and why: the insurer corrects it by a further one."""
    async with change as work:
        parked = await dismiss_parked_adjudication(work, set_aside_id, body.reason)
        return change.answer(200, SetAsideOut.of(parked))
