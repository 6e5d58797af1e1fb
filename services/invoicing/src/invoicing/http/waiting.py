"""What waits for somebody at the desk, of all kinds at once, as a page over the day shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from chassis.http import problems
from fastapi import APIRouter, Query
from starlette.responses import Response

from invoicing.domain.credit_request import CreditRequestFilter
from invoicing.domain.parked_adjudication import ParkedFilter
from invoicing.domain.review import ReviewFilter
from invoicing.http.credit_request_responses import CreditRequestOut
from invoicing.http.debit_proposal_responses import DebitProposalOut
from invoicing.http.insurance_responses import SetAsideOut
from invoicing.http.report_responses import ReviewOut
from invoicing.http.scopes import InvoicesRead
from invoicing.http.waiting_responses import Some, WaitingOut
from invoicing.persistence import credit_requests, debit_proposals, parked_adjudications, queries

router = APIRouter(tags=["reports"])
EACH_MAX = 50

T = TypeVar("T")


@router.get("/v1/waiting", response_model=WaitingOut, responses=problems(422), summary="Read what waits for somebody")
async def get_waiting(read: InvoicesRead, limit: Annotated[int, Query(ge=1, le=EACH_MAX)] = 20) -> Response:
    """Open requests, reviews, set-aside decisions and proposals, at most `limit` of each, as its own list has them."""
    clinic_id, fetched = read.clinic_id, limit + 1
    async with read as connection:
        requests = await credit_requests.listed(connection, clinic_id, CreditRequestFilter("requested"), fetched)
        reviews = await queries.list_reviews(connection, clinic_id, ReviewFilter(), None, fetched)
        parked = await parked_adjudications.listed(connection, clinic_id, ParkedFilter("open"), None, fetched)
        proposals = await debit_proposals.listed(connection, clinic_id, "open", None, None, fetched)
    return read.answer(
        WaitingOut(
            credit_requests=_some(requests, limit, CreditRequestOut.of),
            invoice_reviews=_some(reviews, limit, ReviewOut.of),
            set_aside_decisions=_some(parked, limit, SetAsideOut.of),
            debit_proposals=_some(proposals, limit, DebitProposalOut.of),
        )
    )


def _some(rows: Sequence[T], limit: int, show: Callable[[T], Any]) -> Some[Any]:
    return Some(items=[show(row) for row in rows[:limit]], more=len(rows) > limit)
