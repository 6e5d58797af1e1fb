"""Compare refunds and cancellations with the clinic's limit, beside those of their patients on that day (`ALL-5`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from payments.domain.clinic import Clinic
from payments.domain.patient_credit import Part
from payments.domain.refund_limit import above_limit, counted_for
from payments.domain.refund_request_errors import RefundNeedsApproval
from payments.persistence import paid_out


async def compare_with_limit(
    work: Work,
    clinic: Clinic,
    wanted: Sequence[Part],
    *,
    withdrawn_by: UUID | None = None,
    refusal: type[RefundNeedsApproval] = RefundNeedsApproval,
) -> dict[UUID, RefundNeedsApproval]:
    """Which of these locked payments need a second person to be refunded or cancelled by as much (`PAY-15`).

    Where there is a limit, the patients' other refunds wait until the commit: two at once are compared together.
    """
    limit = clinic.refund_limit
    if limit is None or not wanted:
        return {}
    patients = {patient_id for payment, _ in wanted for patient_id in counted_for(payment, withdrawn_by)}
    await paid_out.lock(work.connection, work.clinic_id, patients)
    today = clinic.today(work.now)
    before = await paid_out.on_day(work.connection, work.clinic_id, patients, today, limit.currency)
    return above_limit(limit, wanted, before, withdrawn_by=withdrawn_by, refusal=refusal)
