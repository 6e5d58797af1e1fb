"""What was agreed in installment plans, and what one installment asks for, as PDF."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import in_the_name_of, problems, until_known
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from receipts.domain.errors import PlanUnknown
from receipts.domain.installment_plan import KeptAgreement
from receipts.http.pdf import PDF, document_answer, patience, pdf_answer, waiting
from receipts.http.scopes import ReceiptsRead
from receipts.persistence import installment_plans
from receipts.use_cases.find_document import FindDocument
from receipts.use_cases.print_demand import PrintDemand, print_demand

router = APIRouter(tags=["installment plans"])


@router.get(
    "/v1/installment-plans/{plan_id}/agreement.pdf",
    response_class=Response,
    responses=PDF | problems(404, 409, 410, 422, 503),
)
async def get_plan_agreement_pdf(
    request: Request,
    plan_id: UUID,
    read: ReceiptsRead,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1, description="Without it, the last one.")] = None,
    original: Annotated[bool, Query(description="The original's bytes even though the plan has ended.")] = False,
) -> Response:
    """What was agreed, for both to sign: installments with dates and amounts (`PLN-5`, `RCP-4`).

    Each version of a plan has an agreement of its own, rendered when first asked for, the same bytes ever after. Once
    the plan has ended it is served stamped VOID.
    """

    async def known() -> KeptAgreement | None:
        async with read as connection:
            return await installment_plans.find(connection, plan_id, version)

    kept = await until_known(known, seconds=patience(request))
    if kept is None:
        raise PlanUnknown(plan_id)
    void = kept.plan is not None and kept.plan.end is not None and not original
    wanted = FindDocument(
        clinic_id=read.clinic_id,
        kind="plan_agreement",
        document_id=kept.agreement_id,
        rendition="void" if void else "original",
        subject=read.subject,
    )
    return await document_answer(request, wanted, f"installment-plan-{kept.version}{'-void' if void else ''}")


@router.get(
    "/v1/installments/{installment_id}/demand.pdf",
    response_class=Response,
    responses=PDF | problems(404, 409, 422, 503),
)
async def get_demand_pdf(
    request: Request,
    installment_id: UUID,
    read: ReceiptsRead,
    estimated: Annotated[
        bool,
        Query(
            description="Until insurers decide, ask for the patient's part as it is estimated, as the invoice and the "
            "statement do; `false` asks for all that the installment has left."
        ),
    ] = True,
) -> Response:
    """What one installment asks for: what it is for, its share of the procedures, due date, remaining (`PLN-10`).

    Of an insured invoice it asks for the patient's part, not for what insurers have decided to pay (`INS-4`). The
    figures are those of invoicing at this moment. The token needs `invoices:read` as well: it is what they are asked
    with. With `payments:read` too, it names what the patient has in credit, of which nothing is taken off. 409 where
    nothing of it is asked of the patient: it is paid, cancelled, or insurers are to pay it.
    """
    resources = request.app.state.resources
    command = PrintDemand(
        clinic_id=read.clinic_id,
        installment_id=installment_id,
        credentials=in_the_name_of(request, read.clinic_id),
        estimated=estimated,
        subject=read.subject,
        now=resources.clock.now(),
    )
    state, wait = resources.state, waiting(request)
    document = await print_demand(resources.database, state.installments, state.books, command, wait)
    return pdf_answer(request, document, f"installment-{installment_id}")
