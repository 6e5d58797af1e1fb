"""What clients may send about one payment: what it is, what of it is edited, how it is undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, Self
from uuid import UUID

from chassis.http import MoneyIn, RequestBody
from chassis.http.time import Instant
from chassis.typed import says_something
from pydantic import ConfigDict, Field, StrictBool, model_validator

from payments.domain.named_allocation import NamedAllocation
from payments.domain.transaction import Method
from payments.http.examples import GROUP, INSURER, INVOICE, LINE, PATIENT
from payments.http.request_rules import require_label
from payments.http.shared_requests import AllocationIn, Label, Note, PayerIn, Reason, TermsIn, wishes_of
from payments.use_cases.record_payment import RecordPayment
from payments.use_cases.refund_payment import RefundPayment
from payments.use_cases.relabel_payment import RelabelPayment

StatusFilter = Literal["recorded", "partly_refunded", "refunded", "cancelled", "charged_back"]


class PaymentIn(RequestBody):
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
            external_reference=self.external_reference.strip() if says_something(self.external_reference) else None,
            duplicate_confirmed=self.confirm_duplicate_reference,
            treatment_plan_id=self.treatment_plan_id,
            wishes=wishes_of(self.allocations),
            allow_overpayment=self.allow_overpayment,
        )


class LabelsIn(RequestBody):
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


class RefundedLineIn(RequestBody):
    """A line of the invoice, and how much of it goes back, tax included; without an amount, all that is left of it."""

    line_id: UUID
    amount: MoneyIn | None = None


class RefundedAllocationIn(RequestBody):
    """An invoice that the money comes from; without an amount, as much of the refund as the payment settles there."""

    invoice_id: UUID
    amount: MoneyIn | None = None
    lines: Annotated[tuple[RefundedLineIn, ...], Field(max_length=200)] = ()
    """What it is for: the credit note credits these lines and nothing else. Less left of them than goes back is
    refused."""

    def to_named(self, field: str) -> NamedAllocation:
        """As the domain takes it. Raises Invalid."""
        lines = tuple(
            (line.line_id, line.amount.to_money(f"{field}.lines[{n}].amount") if line.amount else None)
            for n, line in enumerate(self.lines)
        )
        amount = self.amount.to_money(f"{field}.amount") if self.amount else None
        return NamedAllocation(self.invoice_id, amount, lines)


def named_of(allocations: tuple[RefundedAllocationIn, ...], within: str = "") -> tuple[NamedAllocation, ...]:
    """As the domain takes them; `within` is where in the request they are. Raises Invalid."""
    return tuple(allocation.to_named(f"{within}allocations[{n}]") for n, allocation in enumerate(allocations))


class RefundIn(TermsIn):
    """A refund; what settled an invoice goes back only for a reason other than overpayment (`PAY-4`).

    `allocations` says which invoices the money comes from, and for which lines; else the unallocated part goes first,
    then what was settled last.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "amount": {"amount": "20.00", "currency": "USD"},
                    "reason_code": "treatment_changed",
                    "reason": "one filling less than planned",
                },
                {
                    "amount": {"amount": "59.50", "currency": "EUR"},
                    "reason_code": "complaint",
                    "reason": "the brush was broken",
                    "allocations": [{"invoice_id": INVOICE, "lines": [{"line_id": LINE}]}],
                },
            ]
        }
    )

    amount: MoneyIn
    allocations: Annotated[tuple[RefundedAllocationIn, ...], Field(max_length=50)] = ()

    def to_command(self, payment_id: UUID) -> RefundPayment:
        """As the use case takes it. Raises Invalid."""
        terms = replace(self.to_terms(), named=named_of(self.allocations))
        return RefundPayment(payment_id=payment_id, amount=self.amount.to_money("amount"), terms=terms)


class DecisionIn(RequestBody):
    """Why a requested refund will not be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "the treatment went as planned"}]})

    reason: Reason


class CancellationIn(RequestBody):
    """Why something recorded is undone (`PAY-5`)."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "entered twice"}]})

    reason: Reason


class ChargebackIn(RequestBody):
    """Why the bank took a payment back (`PAY-6`)."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "check bounced", "external_reference": "return R01"}]}
    )

    reason: Reason
    external_reference: Annotated[str | None, Field(max_length=200)] = None
