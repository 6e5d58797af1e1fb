"""What clients may send; members that are not named here are refused."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from chassis.http import NOT_BLANK, FieldRefused, MoneyIn
from chassis.http.time import Instant
from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator

from payments.domain.allocation import Wish
from payments.domain.refund_request import ReasonCode
from payments.domain.transaction import Method, Payer, PayerKind
from payments.http.refusing import require_each_once, require_label
from payments.use_cases.record_payment import RecordPayment
from payments.use_cases.refund_payment import RefundTerms
from payments.use_cases.relabel_payment import RelabelPayment
from payments.use_cases.withdraw_credit import WithdrawCredit

INVOICE = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c01"
PATIENT = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c02"
OTHER_PATIENT = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c03"
GROUP = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c04"
INSURER = "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c05"

SELECTED_MAX = 200
"""How many transactions one request deals with (`PAY-7`)."""

Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=NOT_BLANK)]
Label = Annotated[str, Field(min_length=1, max_length=60, pattern=NOT_BLANK)]
Note = Annotated[str, Field(max_length=1000)]


class Body(BaseModel):
    """A request's body."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PayerIn(Body):
    """Who pays; named where it is not the patient."""

    kind: PayerKind = "patient"
    payer_id: UUID | None = None
    name: Annotated[str | None, Field(max_length=200)] = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind != "patient" and not (self.name or "").strip():
            raise FieldRefused("name", detail="an insurer or a third party is named")
        return self

    def to_payer(self) -> Payer:
        """As the domain has it."""
        return Payer(self.kind, self.payer_id, self.name)


class AllocationIn(Body):
    """An invoice that the payment is for; without an amount, as much as it still asks for.

    With an installment named, that is settled first; what it does not ask for settles the oldest unpaid (`PLN-2`).
    """

    invoice_id: UUID
    amount: MoneyIn | None = None
    installment_id: UUID | None = None


def wishes_of(allocations: tuple[AllocationIn, ...], within: str = "") -> tuple[Wish, ...]:
    """As the domain has them; `within` is where in the request they are."""
    return tuple(
        Wish(
            one.invoice_id,
            one.amount.to_money(f"{within}allocations[{place}].amount") if one.amount else None,
            one.installment_id,
        )
        for place, one in enumerate(allocations)
    )


class PaymentIn(Body):
    """A payment, as the front desk records it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "patient_id": PATIENT,
                    "amount": {"amount": "86.28", "currency": "USD"},
                    "method": "bank_card",
                    "allocations": [{"invoice_id": INVOICE}],
                    "note": "paid at the desk",
                },
                {
                    "patient_id": PATIENT,
                    "payer": {"kind": "insurer", "payer_id": INSURER, "name": "Delta Dental"},
                    "amount": {"amount": "120.00", "currency": "USD"},
                    "method": "insurance",
                    "external_reference": "ERA 10027",
                    "allocations": [{"invoice_id": INVOICE, "amount": {"amount": "120.00", "currency": "USD"}}],
                },
            ]
        }
    )

    patient_id: UUID
    payer: PayerIn = PayerIn()
    amount: MoneyIn
    method: Method
    method_label: Label | None = None
    received_at: Instant | None = None
    note: Note | None = None
    group_id: UUID | None = None
    external_reference: Annotated[str | None, Field(max_length=200)] = None
    """The reference of the bank, the card terminal or the insurer. One used before by the same payer and method is
    refused."""
    confirm_duplicate_reference: StrictBool = False
    """It is another payment, although one of the same payer and method has its reference (`PAY-17`)."""
    treatment_plan_id: UUID | None = None
    allocations: Annotated[tuple[AllocationIn, ...], Field(max_length=200)] = ()
    """Left out or empty, the payment is a deposit: patient credit."""
    allow_overpayment: StrictBool = False

    @model_validator(mode="after")
    def _labelled(self) -> Self:
        require_label(self.method, self.method_label)
        return self

    def to_command(self) -> RecordPayment:
        """As the use case takes it. Raises Invalid."""
        return RecordPayment(
            patient_id=self.patient_id,
            payer=self.payer.to_payer(),
            amount=self.amount.to_money("amount"),
            method=self.method,
            method_label=self.method_label,
            received_at=self.received_at,
            note=self.note,
            group_id=self.group_id,
            external_reference=(self.external_reference or "").strip() or None,
            duplicate_confirmed=self.confirm_duplicate_reference,
            treatment_plan_id=self.treatment_plan_id,
            wishes=wishes_of(self.allocations),
            allow_overpayment=self.allow_overpayment,
        )


class LabelsIn(Body):
    """What of a payment can be edited: its group and its note. What is left out stays as it is (`PAY-1`).

    `reason` is kept with the edit; it may be left out (`ALL-5`).
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"group_id": GROUP, "note": "family plan", "reason": "was in no group"}]}
    )

    group_id: UUID | None = None
    note: Note | None = None
    reason: Reason | None = None

    def to_command(self, payment_id: UUID, version: int) -> RelabelPayment:
        """As the use case takes it, decided on a version of the payment."""
        changes = frozenset(self.model_fields_set - {"reason"})
        return RelabelPayment(payment_id, version, changes, self.group_id, self.note, self.reason)


class TermsIn(Body):
    """Why money goes back, and how, where that is not how the payment came."""

    reason_code: ReasonCode
    reason: Reason | None = None
    method: Method | None = None
    method_label: Label | None = None

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.reason_code == "other" and self.reason is None:
            raise FieldRefused("reason", detail="the reason other is told")
        require_label(self.method, self.method_label)
        return self

    def to_terms(self) -> RefundTerms:
        """As the use cases take them."""
        return RefundTerms(
            reason_code=self.reason_code, reason=self.reason, method=self.method, method_label=self.method_label
        )


class CancellationsIn(Body):
    """Several transactions that were mistakes: all of them are cancelled or none (`PAY-5`, `PAY-7`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"transaction_ids": [INVOICE, GROUP], "reason": "entered twice"}]}
    )

    transaction_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=SELECTED_MAX)]
    reason: Reason

    @model_validator(mode="after")
    def _once(self) -> Self:
        require_each_once(self.transaction_ids, "transaction_ids")
        return self


class CancellationIn(Body):
    """Why something recorded is undone (`PAY-5`)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "entered twice"}]})

    reason: Reason


class ChargebackIn(Body):
    """Why the bank took a payment back (`PAY-6`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "check bounced", "external_reference": "return R01"}]}
    )

    reason: Reason
    external_reference: Annotated[str | None, Field(max_length=200)] = None


class CreditApplicationIn(Body):
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


class CreditTransferIn(Body):
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


class DecisionIn(Body):
    """Why a requested refund will not be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the treatment went as planned"}]})

    reason: Reason


StatusFilter = Literal["recorded", "partly_refunded", "refunded", "cancelled", "charged_back"]
