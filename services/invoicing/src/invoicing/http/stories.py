"""An invoice's whole story in one read: the documents, the money and the reviews, in order."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from chassis.http import Paging, problems
from chassis.http.paging import CURSOR_LENGTH_MAX, LIMIT_MAX
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from invoicing.http.clinic_day import ClinicDay
from invoicing.http.invoices import shown_whole
from invoicing.http.scopes import InvoicesRead
from invoicing.http.story_responses import StepOut, StoryOut
from invoicing.persistence import invoices, stories
from invoicing.use_cases.show_drafts import show_drafts

router = APIRouter(tags=["invoices"])


class StoryPaging(Paging):
    """Which part of a story: nearly every story is told in one."""

    def __init__(
        self,
        request: Request,
        cursor: Annotated[
            str | None, Query(max_length=CURSOR_LENGTH_MAX, description="`next` of the part before")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = LIMIT_MAX,
    ) -> None:
        super().__init__(request, cursor, limit)


@router.get(
    "/v1/invoices/{invoice_id}/story",
    response_model=StoryOut,
    responses=problems(404, 422),
    summary="Read an invoice's whole story",
)
async def get_story(
    invoice_id: UUID,
    read: InvoicesRead,
    paging: Annotated[StoryPaging, Depends()],
    day: Annotated[ClinicDay, Depends()],
) -> Response:
    """The invoice, and every document, payment, refund, cancellation, plan, review and reminder of it in order of time.

    Reminders are what was announced on the clock: an installment as due soon, due, overdue; the invoice as
    overdue. Each step says who did it and why, and what the invoice asked for after it.
    """
    after = paging.after_of(datetime, int, UUID, UUID)
    async with read as connection:
        invoice = await invoices.find(connection, invoice_id, notes=True)
        now = await day.today(connection, read.clinic_id)
        await show_drafts(connection, read.clinic_id, [invoice], now)
        whole = await shown_whole(connection, invoice, now)
        steps = await stories.story_of(connection, invoice_id, after, paging.fetch)
    currency = invoice.pricing.currency
    page = paging.page(steps, key=lambda step: step.stands_at, show=lambda step: StepOut.of(step, currency))
    return read.answer(StoryOut.model_construct(invoice=whole, steps=page.items, next=page.next), etag=invoice.version)
