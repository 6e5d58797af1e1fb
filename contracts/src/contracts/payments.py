"""What payments announces: money recorded, refunded, cancelled, and what it settled or released (`PAY-1` to `PAY-6`)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.event import Actor, Amount, Event, Part, event

TOPIC = "billing.payments.v1"

Method = Literal["cash", "bank_card", "bank_transfer", "check", "insurance", "other"]


class Payer(Part):
    """Who pays: the patient, an insurer or a third party. `name` is set where the payer is not the patient."""

    kind: Literal["patient", "insurer", "third_party"]
    payer_id: UUID | None = None
    name: Annotated[str | None, Field(max_length=200)] = None


class SettlementChange(Part):
    """How one transaction changed what is settled on one invoice.

    `change` is positive when money was allocated to the invoice and negative when it left it. The sum of all changes of
    an invoice is what is settled on it, in whatever order they arrive. `credited` is the refund adjustment that goes
    with the change (positive: a credit note of that amount follows; negative: it is undone), so that the outstanding
    changes by -(change) - credited. `outstanding` is what the invoice still asked for right after the transaction.
    """

    invoice_id: UUID
    invoice_number: str
    payment_id: UUID
    change: Amount
    credited: Amount
    outstanding: Amount
    installment_id: UUID | None = None


class Transaction(Event):
    """What moved money or undid it. The sum of `settlements` and `patient_credit_change` is its effect on balances."""

    transaction_id: UUID
    patient_id: UUID
    amount: Amount
    """Always positive: the money that the transaction moved or undid."""
    payer: Payer
    method: Method
    method_label: Annotated[str | None, Field(max_length=60)] = None
    recorded_at: AwareDatetime
    booked_on: date
    """The day of the day sheet it belongs to, in the clinic's zone; never changes (`PAY-10`)."""
    settlements: tuple[SettlementChange, ...] = ()
    patient_credit_change: Amount
    patient_credit_balance: Amount
    """The patient's credit right after the transaction."""
    note: Annotated[str | None, Field(max_length=1000)] = None
    group_id: UUID | None = None
    external_reference: Annotated[str | None, Field(max_length=200)] = None
    by: Actor


@event("billing.payment.recorded.v1", TOPIC)
class PaymentRecorded(Transaction):
    """A payment was recorded and allocated; what was not allocated is patient credit (`PAY-1`, `PAY-2`)."""

    received_at: AwareDatetime
    treatment_plan_id: UUID | None = None


@event("billing.payment.refunded.v1", TOPIC)
class PaymentRefunded(Transaction):
    """Money of a payment was given back; no invoice's outstanding rose by it (`PAY-4`).

    For each settlement with `credited` above zero, invoicing makes a credit note (refund adjustment) of that amount.
    `transaction_id` is the refund's.
    """

    payment_id: UUID
    refunded_so_far: Amount


@event("billing.payment.cancelled.v1", TOPIC)
class PaymentCancelled(Transaction):
    """A payment recorded by mistake was reversed: the invoices' outstanding rose by its allocations (`PAY-5`)."""

    payment_id: UUID


@event("billing.refund.cancelled.v1", TOPIC)
class RefundCancelled(Transaction):
    """A refund recorded by mistake was reversed: its credit note is undone, the amount is refundable again (`PAY-5`)."""

    refund_id: UUID
    payment_id: UUID


@event("billing.payment.charged_back.v1", TOPIC)
class PaymentChargedBack(Transaction):
    """The bank took a payment back: the outstanding rises as with a cancellation, yet it did happen (`PAY-6`)."""

    payment_id: UUID


@event("billing.credit.applied.v1", TOPIC)
class CreditApplied(Transaction):
    """Patient credit was applied to invoices (`PAY-3`). No money moved."""


@event("billing.credit.transferred.v1", TOPIC)
class CreditTransferred(Transaction):
    """Patient credit went to another patient of the clinic; one event for each side (`PAY-3`)."""

    direction: Literal["out", "in"]
    other_patient_id: UUID
    linked_transaction_id: UUID


@event("billing.allocation.released.v1", TOPIC)
class AllocationReleased(Event):
    """What a payment had settled on an invoice became patient credit: a void or a credit note crossed it (`PAY-11`)."""

    release_id: UUID
    patient_id: UUID
    cause: Literal["invoice_voided", "invoice_credited"]
    settlements: tuple[SettlementChange, ...]
    patient_credit_change: Amount
    patient_credit_balance: Amount
    by: Actor
