"""Debit notes proposed to the desk: a bank took back what had been refunded in part, and a person decides (`PAY-6`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import Page, Paging, problems
from fastapi import APIRouter, Depends
from starlette.responses import Response

from invoicing.domain.debit_proposal import ProposalState
from invoicing.http.debit_proposal_requests import DebitAsProposedIn
from invoicing.http.debit_proposal_responses import DebitProposalOut
from invoicing.http.note_requests import ReasonIn
from invoicing.http.scopes import InvoicesRead, InvoicesWrite
from invoicing.persistence import debit_proposals
from invoicing.use_cases.debit_as_proposed import DebitAsProposed, debit_as_proposed
from invoicing.use_cases.dismiss_debit_proposal import dismiss_debit_proposal

router = APIRouter(prefix="/v1/debit-proposals", tags=["notes"])


@router.get("", response_model=Page[DebitProposalOut], responses=problems(422), summary="List proposed debit notes")
async def get_debit_proposals(
    read: InvoicesRead,
    paging: Annotated[Paging, Depends()],
    state: ProposalState | None = None,
    patient_id: UUID | None = None,
) -> Response:
    """Proposals by state, the latest first: `state=open` is what waits for somebody."""
    before = paging.after_value(UUID)
    async with read as connection:
        found = await debit_proposals.listed(connection, read.clinic_id, state, patient_id, before, paging.fetch)
    return read.answer(paging.page(found, lambda one: (one.id,), DebitProposalOut.of))


@router.post(
    "/{proposal_id}/debit-note",
    status_code=201,
    response_model=DebitProposalOut,
    responses=problems(404, 409, 422),
    summary="Debit what was proposed",
)
async def post_proposed_debit_note(proposal_id: UUID, body: DebitAsProposedIn, change: InvoicesWrite) -> Response:
    """Make a debit note (a correction) of the whole amount, tax within it: the patient owes that again, no more."""
    command = DebitAsProposed(proposal_id, body.reason, body.invoice_id, body.tax_category)
    async with change as work:
        return change.answer(201, DebitProposalOut.of(await debit_as_proposed(work, command)))


@router.post(
    "/{proposal_id}/dismissal",
    response_model=DebitProposalOut,
    responses=problems(404, 409, 422),
    summary="Dismiss a proposed debit note",
)
async def post_debit_proposal_dismissal(proposal_id: UUID, body: ReasonIn, change: InvoicesWrite) -> Response:
    """Let the clinic bear it, and say why."""
    async with change as work:
        return change.answer(200, DebitProposalOut.of(await dismiss_debit_proposal(work, proposal_id, body.reason)))
