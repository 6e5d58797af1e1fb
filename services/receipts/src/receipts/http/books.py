"""Statements and day sheets as PDF: the figures of payments, on the clinic's paper."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from chassis.http import in_the_name_of, problems
from chassis.http.period import require_in_order
from chassis.http.time import Day
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from receipts.http.pdf import PDF, pdf_answer, waiting
from receipts.http.scopes import ReceiptsRead
from receipts.use_cases.print_day_sheet import PrintDaySheet, print_day_sheet
from receipts.use_cases.print_statement import PrintStatement, print_statement

router = APIRouter(tags=["statements"])


@router.get(
    "/v1/patients/{patient_id}/statement.pdf",
    response_class=Response,
    responses=PDF | problems(404, 409, 422, 503),
)
async def get_statement_pdf(
    request: Request,
    patient_id: UUID,
    read: ReceiptsRead,
    from_day: Annotated[
        Day | None, Query(alias="from", description="The first day; without it, from the start.")
    ] = None,
    to_day: Annotated[Day | None, Query(alias="to", description="The last day; without it, until now.")] = None,
) -> Response:
    """A patient's account over a period as PDF, with opening and closing balance (`PAY-9`).

    The figures are those of payments at this moment. The token needs `payments:read` as well: it is what they are
    asked with.
    """
    require_in_order(from_day, to_day)
    resources = _state(request)
    command = PrintStatement(
        clinic_id=read.clinic_id,
        patient_id=patient_id,
        from_day=from_day,
        to_day=to_day,
        credentials=in_the_name_of(request, read.clinic_id),
        subject=read.subject,
        now=resources.clock.now(),
    )
    document = await print_statement(resources.database, resources.state.books, command, waiting(request))
    days = [day.isoformat() for day in (from_day, to_day) if day]
    return pdf_answer(request, document, "-".join(["statement", *days]))


@router.get("/v1/day-sheets/{day}.pdf", response_class=Response, responses=PDF | problems(404, 409, 422, 503))
async def get_day_sheet_pdf(request: Request, day: Day, read: ReceiptsRead) -> Response:
    """A clinic's day as PDF: totals by method and by group (`PAY-10`).

    The figures are those of payments at this moment. The token needs `payments:read` as well: it is what they are
    asked with.
    """
    resources = _state(request)
    command = PrintDaySheet(
        clinic_id=read.clinic_id,
        day=day,
        credentials=in_the_name_of(request, read.clinic_id),
        subject=read.subject,
        now=resources.clock.now(),
    )
    document = await print_day_sheet(resources.database, resources.state.books, command, waiting(request))
    return pdf_answer(request, document, f"day-sheet-{day.isoformat()}")


def _state(request: Request) -> Any:
    return request.app.state.resources
