"""A patient's credit as clients are told of it (`PAY-3`)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody

from payments.domain.patient_credit import CreditPart
from payments.domain.transaction import Method
from payments.http.examples import CREDIT_EXAMPLE, CREDIT_PART_EXAMPLE, WITHDRAWAL_EXAMPLE
from payments.http.shared_responses import PayerOut, example_of, money
from payments.http.transaction_responses import TransactionOut


class CreditOfPlanOut(ResponseBody):
    """How much of the credit is deposits for a treatment plan; it settles that plan's invoices first."""

    treatment_plan_id: UUID
    amount: MoneyOut


class InsurersCreditOut(ResponseBody):
    """What an insurer overpaid for a patient: the insurer's, not the patient's (`INS-4`)."""

    payer_id: UUID | None
    name: str | None
    balance: MoneyOut


class CreditOut(ResponseBody):
    """A patient's own credit; what is for no treatment plan is the rest of it. Insurers' is theirs, and apart."""

    model_config = example_of(CREDIT_EXAMPLE)

    patient_id: UUID
    balance: MoneyOut
    by_treatment_plan: list[CreditOfPlanOut]
    insurers: list[InsurersCreditOut]


class CreditPartOut(ResponseBody):
    """What of a payment a patient has in credit; `paid_for` is the payment's own patient, before any transfer."""

    model_config = example_of(CREDIT_PART_EXAMPLE)

    payment_id: UUID
    amount: MoneyOut
    payment_amount: MoneyOut
    paid_for: UUID
    payer: PayerOut
    method: Method
    method_label: str | None
    treatment_plan_id: UUID | None
    received_at: datetime

    @classmethod
    def of(cls, part: CreditPart, currency: str) -> CreditPartOut:
        """A part."""
        return cls.named(
            part,
            amount=money(part.minor, currency),
            payment_amount=money(part.amount_minor, currency),
            payer=PayerOut.model_construct(kind=part.payer_kind, payer_id=part.payer_id, name=part.payer_name),
            received_at=part.received_at or part.recorded_at,
        )


class WithdrawalOut(ResponseBody):
    """A withdrawal: the refunds that it consists of, each with a receipt of its own."""

    model_config = example_of(WITHDRAWAL_EXAMPLE)

    patient_id: UUID
    amount: MoneyOut
    refunds: list[TransactionOut]
