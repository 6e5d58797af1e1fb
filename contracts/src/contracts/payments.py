"""What payments announces: money recorded, refunded, cancelled; what it settled or released (`PAY-1` to `PAY-6`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import (
    Actor,
    Amount,
    Count,
    Day,
    Event,
    Instant,
    InvoiceId,
    Part,
    PatientId,
    PayerId,
    PaymentId,
    Text,
    TreatmentPlanId,
    event,
)
from contracts.invoicing import InvoiceNumber

TOPIC = "billing.payments.v1"

Method = Literal["cash", "bank_card", "bank_transfer", "check", "insurance", "other"]


class Payer(Part):
    """Who pays: the patient, an insurer or a third party."""

    kind: Literal["patient", "insurer", "third_party"]
    """Which of them."""
    payer_id: PayerId | None = None
    name: Annotated[Text | None, Field(max_length=200)] = None
    """Set where the payer is not the patient."""


class RefundedLine(Part):
    """A line of the invoice that a refund is for (`PAY-19`)."""

    line_id: UUID
    """The line, as the issued invoice names it."""
    amount: Amount | None = None
    """How much of it goes back, tax included; without it, as much as is left to credit of it."""


class PlanVersion(Part):
    """A version of an invoice's live installment plan."""

    plan_id: Annotated[UUID, Field(description="The installment plan.")]
    version: Annotated[Count, Field(ge=1, description="The version of it, counted from 1.")]


class SettlementChange(Part):
    """How one transaction changed what is settled on one invoice.

    The sum of all changes of an invoice is what is settled on it, in whatever order they arrive. The outstanding
    changes by -change - credited.
    """

    invoice_id: InvoiceId
    invoice_number: InvoiceNumber
    payment_id: PaymentId
    change: Amount
    """Positive when money was allocated to the invoice, negative when it left it."""
    credited: Amount
    """The refund adjustment of this change. Positive: so much is to be credited; negative: so much of that is undone.

    Where invoicing credits or undoes another amount, `billing.refund_adjustment.decided` says so (`PAY-20`)."""
    outstanding: Amount
    """What the invoice still asked for right after the transaction."""
    installment_id: UUID | None = None
    """The installment that the payment named (`PLN-2`)."""
    lines: Annotated[tuple[RefundedLine, ...], Field(max_length=1000)] = ()
    """Of a refund that named them: what the credit note is for. What they have not left is not credited elsewhere."""
    place: Annotated[Count | None, Field(ge=1)] = None
    """Its place in the order of all that payments has changed on the invoice; the highest is the latest."""
    settled_with_refunds: Amount | None = None
    """What is settled on the invoice right after it, with what refunds that stand have taken from it (`PAY-20`)."""
    named: bool | None = None
    """Of a refund: whether it named the invoice, and so took nothing that had become credit there (`PAY-19`)."""
    plan: PlanVersion | None = None
    """The invoice's plan as payments knew it then: whoever says what it settled needs that version, or a later one."""


class CreditChange(Part):
    """How one transaction changed what somebody holds as credit of one payment (`PAY-3`)."""

    payment_id: PaymentId
    patient_id: PatientId
    change: Amount
    """Positive when more is held, negative when less."""


class Transaction(Event):
    """What moved money or undid it. The sum of `settlements` and `patient_credit_change` is its effect on balances."""

    transaction_id: UUID
    """This transaction: the payment, the refund, the cancellation …"""
    patient_id: PatientId
    amount: Amount
    """Always positive: the money that the transaction moved or undid."""
    payer: Payer
    method: Method
    """How the money moved (`PAY-1`)."""
    method_label: Annotated[Text | None, Field(max_length=60)] = None
    """What the clinic calls it, where the method is `other`."""
    recorded_at: Instant
    """When it was recorded."""
    booked_on: Day
    """The day of the day sheet it belongs to, in the clinic's zone; never changes (`PAY-10`)."""
    settlements: tuple[SettlementChange, ...] = ()
    """What it changed on invoices."""
    patient_credit_change: Amount
    """What it added to the credit held for the patient; negative where it took from it (`PAY-3`)."""
    patient_credit_balance: Amount
    """All credit held for the patient right after the transaction, what insurers overpaid included (`INS-4`)."""
    credit_changes: tuple[CreditChange, ...] | None = None
    """All that it changed in credit, by payment and holder, other patients' too; of a transfer, each side says all of
    it. Older releases do not say it."""
    note: Annotated[Text | None, Field(max_length=1000)] = None
    """The clerk's note at a payment. Of what is about a payment, why it was made is in `by`."""
    group_id: UUID | None = None
    """The clinic's own group; printed nowhere (`PAY-8`, `RCP-2`)."""
    external_reference: Annotated[Text | None, Field(max_length=200)] = None
    """The reference of the bank, the card terminal or the insurer."""
    reason_code: Annotated[Text | None, Field(max_length=60, examples=["invoice_settlement", "goodwill"])] = None
    """Why, as a code: what a payment was taken for (`invoice_settlement`, `installment`, `deposit`,
    `treatment_plan_deposit`, `insurer_remittance`), the reason of a refund, or what it follows from; further ones may
    come. For the practice: printed nowhere. Why in words is in `by`."""
    by: Actor


@event("billing.payment.recorded.v1", TOPIC)
class PaymentRecorded(Transaction):
    """A payment was recorded and allocated; what was not allocated is patient credit (`PAY-1`, `PAY-2`)."""

    received_at: Instant
    """When the money came in, as the clerk says; may be earlier than `recorded_at`."""
    treatment_plan_id: TreatmentPlanId | None = None


@event("billing.payment.refunded.v1", TOPIC)
class PaymentRefunded(Transaction):
    """Money of a payment was given back; no invoice's outstanding rose by it (`PAY-4`).

    For each settlement with `credited` above zero, invoicing makes a credit note (refund adjustment) of that amount, or
    of less where a document crossed the refund, and says so by `billing.refund_adjustment.decided` (`PAY-20`).
    `transaction_id` is the refund's.
    """

    payment_id: PaymentId
    refunded_so_far: Amount
    """Of the payment, this refund included; never more than the payment."""


@event("billing.payment.cancelled.v1", TOPIC)
class PaymentCancelled(Transaction):
    """A payment recorded by mistake was reversed: the invoices' outstanding rose by its allocations (`PAY-5`)."""

    payment_id: PaymentId


@event("billing.refund.cancelled.v1", TOPIC)
class RefundCancelled(Transaction):
    """A refund recorded by mistake was reversed: its credit note is undone, it can be refunded again (`PAY-5`)."""

    refund_id: UUID
    """The refund that was reversed."""
    payment_id: PaymentId


@event("billing.payment.charged_back.v1", TOPIC)
class PaymentChargedBack(Transaction):
    """The bank took a payment back: the outstanding rises as with a cancellation, yet it did happen (`PAY-6`)."""

    payment_id: PaymentId
    refunded_before: Amount | None = None
    """What of it had been refunded, and was taken by the bank as well: invoicing proposes a debit note of it."""


@event("billing.payment.taken_back.v1", TOPIC)
class PaymentTakenBack(Transaction):
    """An insurer took back a part of its payment, or all of it, inside a later transfer (`INS-9`).

    What its invoices lost is asked for again; nothing is credited for it. The payment did happen, its receipt stands.
    """

    payment_id: PaymentId
    taken_back_so_far: Amount
    """Of the payment, this included; never more than the payment."""


@event("billing.take_back.cancelled.v1", TOPIC)
class TakeBackCancelled(Transaction):
    """A take-back recorded by mistake was reversed: the payment is where it was before it (`PAY-5`, `INS-9`).

    What its invoices ask for no more by now, or never again as they are void, is the insurer's credit instead.
    """

    take_back_id: UUID
    """The take-back that was reversed."""
    payment_id: PaymentId
    taken_back_so_far: Amount
    """Of the payment, without this one."""


@event("billing.insurer.adjusted.v1", TOPIC)
class InsurerAdjusted(Event):
    """An insurer withheld something from a transfer as a whole, or added something to it (X12 835 PLB, `INS-9`).

    It concerns no patient and no invoice; the money that came in by the transfer is less, or more, by it.
    """

    adjustment_id: UUID
    """This adjustment."""
    payer: Payer
    direction: Literal["withheld", "added"]
    """Whether the transfer is less by it, or more."""
    amount: Amount
    """Always positive."""
    code: Annotated[Text, Field(max_length=5, examples=["WO", "L6", "FB", "72", "CS"])]
    """The insurer's reason (X12 835 PLB03-1); L6 and CR are interest. Opaque otherwise."""
    meaning: Annotated[Text | None, Field(max_length=60, examples=["interest", "overpayment_recovery"])] = None
    """What the reason means, as a word: `interest`, `overpayment_recovery`, `forwarding_balance` …; an open list."""
    reference: Annotated[Text | None, Field(max_length=80)] = None
    """What the insurer says it is about (X12 835 PLB03-2)."""
    method: Method
    """How the money of the transfer moved."""
    external_reference: Annotated[Text | None, Field(max_length=200)] = None
    """The transfer's reference."""
    booked_on: Day
    """The day of the day sheet it belongs to."""
    by: Actor


@event("billing.credit.applied.v1", TOPIC)
class CreditApplied(Transaction):
    """Patient credit was applied to invoices (`PAY-3`). No money moved."""


@event("billing.credit.application_cancelled.v1", TOPIC)
class CreditApplicationCancelled(Transaction):
    """An application of credit recorded by mistake was reversed: its invoices ask again, the credit is back (`PAY-5`).

    `amount` and `settlements` (each `change` negative) are what the application still settled. No money moved.
    """

    application_id: UUID
    """The application that was reversed."""


@event("billing.allocation.moved.v1", TOPIC)
class AllocationMoved(Transaction):
    """What a payment settled on an invoice went to another invoice, another installment, or became credit (`PAY-13`).

    The payment stands as it was, and so does its receipt; no money moved. `settlements` say what left where (`change`
    negative) and what came where. What became credit is credit of whoever's it was before it settled an invoice, which
    may be another patient than this transaction's.
    """

    payment_id: PaymentId
    """The payment whose allocation was moved."""
    reverses_id: UUID | None = None
    """The move that this one undoes, where that was a mistake (`PAY-5`)."""


@event("billing.credit.transferred.v1", TOPIC)
class CreditTransferred(Transaction):
    """Patient credit went to another patient of the clinic; one event for each side (`PAY-3`)."""

    direction: Literal["out", "in"]
    """Whether it left this patient or came to them."""
    other_patient_id: PatientId
    linked_transaction_id: UUID
    """The other side's transaction."""
    reverses_id: UUID | None = None
    """This patient's side of the transfer that is taken back by this one, where that was a mistake (`PAY-5`)."""


@event("billing.allocation.released.v1", TOPIC)
class AllocationReleased(Event):
    """What a payment had settled on an invoice became patient credit: a void or a credit note crossed it (`PAY-11`).

    It is of the patient whose credit it became: whoever's it was before, perhaps another than the invoice's (`PAY-21`).
    """

    release_id: UUID
    """This release: one for each patient whose credit something became."""
    patient_id: PatientId
    cause: Literal["invoice_voided", "invoice_credited"]
    """What crossed the payment; the nearest of these words."""
    exact_cause: Annotated[Text | None, Field(max_length=40, examples=["insurer_paid"])] = None
    """What it follows from, exactly, by an open list: an insurer's money came for what somebody else had paid, too."""
    settlements: tuple[SettlementChange, ...]
    """What left which invoice; every `change` is negative."""
    patient_credit_change: Amount
    """What became patient credit."""
    patient_credit_balance: Amount
    """All credit held for the patient right after it, what insurers overpaid included (`INS-4`)."""
    credit_changes: tuple[CreditChange, ...] | None = None
    """What became credit of which payment. Older releases do not say it."""
    by: Actor


class RefundRequestEvent(Event):
    """A refund above the clinic's limit, which a second person has to approve (`ALL-5`). No money moves by it."""

    request_id: UUID
    """The request."""
    patient_id: PatientId
    kind: Literal["refund", "withdrawal"]
    """Whether money of one payment is to go back, or credit of the patient, whatever payments hold it."""
    payment_id: PaymentId | None = None
    """The payment that is to be refunded; none for a withdrawal."""
    amount: Amount
    """What is to go back."""
    by: Actor


class CancellationRequestEvent(Event):
    """A cancellation of a payment above the clinic's limit, which a second person has to approve (`PAY-15`)."""

    request_id: UUID
    """The request."""
    patient_id: PatientId
    payment_id: PaymentId
    """The payment that is to be cancelled."""
    amount: Amount
    """The payment's."""
    by: Actor


@event("billing.cancellation.requested.v1", TOPIC)
class CancellationRequested(CancellationRequestEvent):
    """Somebody asked for a payment above the clinic's limit to be cancelled; it waits for another's decision."""

    limit: Amount
    """The clinic's limit when it was asked for; with it count refunds, and other cancellations of the day."""


@event("billing.cancellation.approved.v1", TOPIC)
class CancellationApproved(CancellationRequestEvent):
    """Another person approved it, and it was carried out: `billing.payment.cancelled` tells of the cancellation."""

    requested_by: Annotated[Text, Field(max_length=200)]
    """Whoever had asked for it; never who approved it."""
    transaction_id: UUID
    """The cancellation."""


@event("billing.cancellation.rejected.v1", TOPIC)
class CancellationRejected(CancellationRequestEvent):
    """It will not be carried out: another person rejected it, or whoever had asked for it withdrew it."""

    requested_by: Annotated[Text, Field(max_length=200)]
    """Whoever had asked for it."""
    outcome: Literal["rejected", "withdrawn"]
    """Which of both."""


@event("billing.refund.requested.v1", TOPIC)
class RefundRequested(RefundRequestEvent):
    """Somebody asked for a refund above the clinic's limit; it waits for another person's decision."""

    limit: Amount
    """The clinic's limit when it was asked for; all refunds of a payment, and of a patient's day, count together."""


@event("billing.refund.approved.v1", TOPIC)
class RefundApproved(RefundRequestEvent):
    """Another person approved it, and it was carried out: `billing.payment.refunded` tells of each refund."""

    requested_by: Annotated[Text, Field(max_length=200)]
    """Whoever had asked for it; never who approved it."""
    transaction_ids: tuple[UUID, ...]
    """The refunds."""


@event("billing.refund.rejected.v1", TOPIC)
class RefundRejected(RefundRequestEvent):
    """It will not be carried out: another person rejected it, or whoever had asked for it withdrew it."""

    requested_by: Annotated[Text, Field(max_length=200)]
    """Whoever had asked for it."""
    outcome: Literal["rejected", "withdrawn"]
    """Which of both."""
