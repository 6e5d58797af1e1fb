"""What responses about one installment say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from pydantic import ConfigDict

from invoicing.domain.adjudicated_invoice import AdjudicatedInvoice
from invoicing.domain.installment_plan import InstallmentPlan
from invoicing.domain.patients_part import asked_of_patient, part_of_installment
from invoicing.domain.settlement import SettledPayment
from invoicing.http.installment_plan_examples import INSTALLMENT_EXAMPLE
from invoicing.http.installment_plan_responses import CarryingInstallmentOut, InstallmentOut, PlanOut


class InstallmentPaymentOut(ResponseBody):
    """A payment that settles something of the installment; in payments it is refunded or cancelled like any other."""

    payment_id: UUID
    method: str | None
    first_at: datetime | None
    settled: MoneyOut


class OneInstallmentOut(CarryingInstallmentOut):
    """One installment, as one works with an invoice: what it is for, what remains of it, and who paid it (`PLN-10`)."""

    model_config = ConfigDict(json_schema_extra={"example": INSTALLMENT_EXAMPLE})

    plan_id: UUID
    plan_version: int
    invoice_id: UUID
    invoice_number: str
    patient_id: UUID
    installments: int
    """How many the plan has."""
    payments: list[InstallmentPaymentOut]
    """In the order of their coming; they sum to what is paid."""
    patient_part: MoneyOut
    """What of the remaining the patient is asked for: not what insurers have decided to pay (`INS-4`)."""
    patient_part_estimated: MoneyOut
    """The same, less what insurers are estimated to take until they decide."""

    @classmethod
    def one(
        cls,
        installment_id: UUID,
        plan: InstallmentPlan,
        on: AdjudicatedInvoice,
        today: date,
        payments: Iterable[SettledPayment],
        received: int,
    ) -> OneInstallmentOut:
        """As the wire has it; `received` is from insurers. Raises NotFound."""
        whole, one = PlanOut.whole(plan, on.invoice, today), plan.one(installment_id)
        carrying = next((own for own in whole.installments if own.id == installment_id), None)
        shown_so = carrying or CarryingInstallmentOut(**dict(InstallmentOut.of(one, plan, today)), costs=[])
        parts = [
            part_of_installment(plan.standing(), installment_id, asked_of_patient(on, received, estimated=estimated))
            for estimated in (False, True)
        ]
        known = {payment.payment_id: payment for payment in payments}
        return cls(
            **dict(shown_so),
            plan_id=plan.id,
            plan_version=plan.version,
            invoice_id=plan.invoice_id,
            invoice_number=plan.invoice_number,
            patient_id=plan.patient_id,
            installments=max(len(whole.installments), one.installment.position),
            payments=[
                InstallmentPaymentOut(
                    payment_id=payment_id,
                    method=known[payment_id].method if payment_id in known else None,
                    first_at=known[payment_id].first_at if payment_id in known else None,
                    settled=money_out(minor, plan.currency),
                )
                for payment_id, minor in one.payments
            ],
            patient_part=money_out(parts[0], plan.currency),
            patient_part_estimated=money_out(parts[1], plan.currency),
        )
