"""What was agreed in installment plans, as PDF."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import Read, Reading, problems, until_known
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from receipts.domain.errors import PlanUnknown
from receipts.http.pdf import PDF, document_answer
from receipts.persistence import installment_plans
from receipts.persistence.installment_plans import KeptAgreement
from receipts.use_cases.find_document import FindDocument

router = APIRouter(tags=["installment plans"])


@router.get(
    "/v1/installment-plans/{plan_id}/agreement.pdf", response_class=Response, responses=PDF | problems(404, 409, 422)
)
async def get_plan_agreement_pdf(
    request: Request,
    plan_id: UUID,
    read: Annotated[Read, Depends(Reading("receipts:read"))],
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

    kept = await until_known(known, seconds=request.app.state.resources.settings.document_wait_seconds)
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
