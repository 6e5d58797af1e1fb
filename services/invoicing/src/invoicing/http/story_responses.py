"""What a response about an invoice's story says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody, money_out
from chassis.members import Members
from pydantic import ConfigDict

from invoicing.domain.story import Step
from invoicing.http.examples import STORY_EXAMPLE
from invoicing.http.invoice_responses import InvoiceOut

StepKind = Literal[
    "drafted",
    "issued",
    "voided",
    "credited",
    "debited",
    "payment",
    "refund",
    "cancellation",
    "refund_cancellation",
    "chargeback",
    "take_back",
    "take_back_cancellation",
    "credit_application",
    "application_cancellation",
    "allocation_move",
    "credit_transfer",
    "release",
    "plan_agreed",
    "plan_changed",
    "plan_cancelled",
    "review_opened",
    "review_closed",
    "insurer_decided",
    "decision_set_aside",
    "decision_dismissed",
    "installment_due_soon",
    "installment_due",
    "installment_overdue",
    "invoice_overdue",
]
ANNOUNCED: dict[str, str] = {
    "drafted": "billing.invoice.drafted.v1",
    "issued": "billing.invoice.issued.v1",
    "voided": "billing.invoice.voided.v1",
    "credited": "billing.invoice.credited.v1",
    "debited": "billing.invoice.debited.v1",
    "payment": "billing.payment.recorded.v1",
    "refund": "billing.payment.refunded.v1",
    "cancellation": "billing.payment.cancelled.v1",
    "refund_cancellation": "billing.refund.cancelled.v1",
    "chargeback": "billing.payment.charged_back.v1",
    "take_back": "billing.payment.taken_back.v1",
    "take_back_cancellation": "billing.take_back.cancelled.v1",
    "credit_application": "billing.credit.applied.v1",
    "application_cancellation": "billing.credit.application_cancelled.v1",
    "allocation_move": "billing.allocation.moved.v1",
    "credit_transfer": "billing.credit.transferred.v1",
    "release": "billing.allocation.released.v1",
    "plan_agreed": "billing.installment_plan.agreed.v1",
    "plan_changed": "billing.installment_plan.changed.v1",
    "plan_cancelled": "billing.installment_plan.cancelled.v1",
    "insurer_decided": "billing.adjudication.applied.v1",
    "decision_set_aside": "billing.adjudication.set_aside.v1",
    "installment_due_soon": "billing.installment.due_soon.v1",
    "installment_due": "billing.installment.due.v1",
    "installment_overdue": "billing.installment.overdue.v1",
    "invoice_overdue": "billing.invoice.overdue.v1",
}


class InstallmentToldOut(ResponseBody):
    """The installment of which something was announced, as it was then: it may have been rescheduled since."""

    id: UUID
    position: int
    """Its number in its plan, from 1."""
    due_date: date


class StepOut(ResponseBody):
    """One step of an invoice's story."""

    at: datetime
    kind: StepKind
    event_type: str | None
    """The event that told it to the other services; null for what is invoicing's own, as a review is."""
    by: str | None
    """Whose doing it was; null where no one's."""
    reason: str | None
    number: str | None
    """The document's."""
    detail: str | None
    """The note's kind, the kind of payer, why the plan changed, what the review is about, or which insurer decided."""
    document_id: UUID | None
    transaction_id: UUID | None
    """The payment, refund or cancellation, as payments knows it."""
    payment_id: UUID | None
    procedure_id: UUID | None
    method: str | None
    amount: MoneyOut | None
    """The document's total, what the transaction settled or the insurer decided to pay; negative where taken back.

    Of what was announced on the clock (due soon, due, overdue): what was unpaid of the installment, or of the invoice.
    """
    installment: InstallmentToldOut | None
    """The installment that was announced as due soon, due or overdue; `document_id` is its plan."""
    outstanding: MoneyOut
    """What the invoice asked for after it."""

    @classmethod
    def of(cls, step: Step, currency: str) -> StepOut:
        """As the wire has it."""
        return cls.model_construct(
            **_SAME.of(step),
            event_type=ANNOUNCED.get(step.kind),
            by=step.by_subject,
            amount=None if step.amount_minor is None else money_out(step.amount_minor, currency),
            outstanding=money_out(step.outstanding_minor, currency),
            installment=_installment(step),
        )


_SAME = Members(StepOut, Step)


def _installment(step: Step) -> InstallmentToldOut | None:
    if step.installment_id is None or step.position is None or step.due_date is None:
        return None
    return InstallmentToldOut(id=step.installment_id, position=step.position, due_date=step.due_date)


class StoryOut(ResponseBody):
    """The invoice as it is, and how it came to be so."""

    model_config = ConfigDict(json_schema_extra={"example": STORY_EXAMPLE})

    invoice: InvoiceOut
    steps: list[StepOut]
    """The oldest first."""
    next: str | None
    """The cursor of the steps after these, null at the end."""
