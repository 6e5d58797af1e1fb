"""What clients may send about a patient's credit (`PAY-3`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from chassis.http import MoneyIn, RequestBody
from pydantic import ConfigDict, Field

from payments.domain.refund_request import ReasonCode
from payments.http.examples import INVOICE, OTHER_PATIENT
from payments.http.shared_requests import AllocationIn, Reason, TermsIn
from payments.use_cases.withdraw_credit import WithdrawCredit


class CreditApplicationIn(RequestBody):
    """Credit to be applied: to the invoices named, whoever's, else to the patient's oldest due first (`PAY-3`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"allocations": [{"invoice_id": INVOICE}], "reason": "as agreed at the visit"},
                {"reason": "for what is due first"},
            ]
        },
    )

    amount: MoneyIn | None = None
    """All of the credit, as far as it is needed, when left out."""
    allocations: Annotated[tuple[AllocationIn, ...], Field(max_length=200)] = ()
    insurer_id: UUID | None = None
    """Spend what this insurer overpaid for the patient; the invoices are named then (`INS-4`)."""
    reason: Reason


class WithdrawalIn(TermsIn):
    """Credit that goes back: refunds of the payments that hold it, the oldest first (`PAY-3`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"amount": {"amount": "15.00", "currency": "USD"}, "reason": "moves to another town"}]
        }
    )

    amount: MoneyIn
    reason_code: ReasonCode = "overpayment"
    reason: Reason
    treatment_plan_id: UUID | None = None
    """Of the deposits for this plan only."""

    def to_command(self, patient_id: UUID) -> WithdrawCredit:
        """As the use case takes it. Raises Invalid."""
        return WithdrawCredit(
            patient_id=patient_id,
            amount=self.amount.to_money("amount"),
            terms=self.to_terms(),
            treatment_plan_id=self.treatment_plan_id,
        )


class CreditTransferIn(RequestBody):
    """Credit for another patient of the clinic (`PAY-3`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "to_patient_id": OTHER_PATIENT,
                    "amount": {"amount": "15.00", "currency": "USD"},
                    "reason": "paid for the sister",
                }
            ]
        }
    )

    to_patient_id: UUID
    amount: MoneyIn
    reason: Reason
