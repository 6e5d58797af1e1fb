"""What invoicing announces about installment plans (`PLN-1` to `PLN-5`), and that an invoice is overdue (`INV-9`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Actor, Amount, Count, Day, Event, InvoiceId, Part, PatientId, Text, event
from contracts.invoicing import TOPIC, InvoiceNumber

PlanId = Annotated[UUID, Field(description="The installment plan.")]
InstallmentId = Annotated[
    UUID, Field(description="The installment; it keeps its identifier from version to version of its plan.")
]
Position = Annotated[Count, Field(ge=1, description="Its place in the plan, by due date.")]
DueDate = Annotated[Day, Field(description="The day it is due, in the clinic's zone; overdue after it (`PLN-4`).")]


class PlannedInstallment(Part):
    """One installment of a plan, as it stood when the event was announced."""

    installment_id: InstallmentId
    position: Position
    kind: Literal["down_payment", "installment"]
    """Whether it is the down payment."""
    due_date: DueDate
    amount: Amount
    """What it asks for in all; above zero."""
    remaining: Amount
    """What of it was unpaid."""
    patient_part: Amount | None = None
    """What of the remaining the patient is asked for, the oldest first: not what insurers have decided to pay, or until
    they decide are estimated to take (`INS-4`). Absent where the release that announced it did not say."""


class InstallmentPlanEvent(Event):
    """The whole of a plan after a change: its installments replace those of every earlier version."""

    plan_id: PlanId
    version: Annotated[Count, Field(ge=1)]
    """Counts the plan's changes; the highest is the plan as it is. Equals the header `ce_sequence`."""
    invoice_id: InvoiceId
    patient_id: PatientId
    invoice_number: InvoiceNumber
    agreed_on: Day
    """The day the plan was agreed, in the clinic's zone."""
    total: Amount
    """The sum of the installments' amounts."""
    outstanding: Amount
    """What the invoice still asks for: while the plan lives, the sum of what remains of its installments (`PLN-3`)."""
    installments: Annotated[tuple[PlannedInstallment, ...], Field(max_length=1000)]
    """By due date. What was paid before the change stays among them."""
    exact_cause: Annotated[Text | None, Field(max_length=40, examples=["installment_moved"])] = None
    """What was done, as the word of the plan's versions: `installment_moved` and `installment_cancelled` say that one
    was changed alone, `divided_anew` that a payment recorded before had not been known. Further words may come."""
    by: Actor


@event("billing.installment_plan.agreed.v1", TOPIC)
class InstallmentPlanAgreed(InstallmentPlanEvent):
    """An invoice's outstanding was divided into installments (`PLN-1`). An invoice has at most one live plan."""


@event("billing.installment_plan.changed.v1", TOPIC)
class InstallmentPlanChanged(InstallmentPlanEvent):
    """A plan has a new version: rescheduled by hand, or adjusted as a note changed what the invoice asks (`PLN-5`)."""

    cause: Literal["rescheduled", "invoice_credited", "invoice_debited"]
    """What changed it: the nearest of those known from the beginning; `exact_cause` is the exact one."""


@event("billing.installment_plan.cancelled.v1", TOPIC)
class InstallmentPlanCancelled(InstallmentPlanEvent):
    """A plan has ended: what the invoice still asks for is due as the invoice says (`PLN-5`)."""

    cause: Literal["cancelled", "invoice_credited", "invoice_voided"]
    """By hand, or as its invoice was credited in full or became void; `exact_cause` is the exact one."""


class InstallmentReminder(Event):
    """What is true of one unpaid installment on a day of the clinic's calendar (`PLN-4`)."""

    installment_id: InstallmentId
    plan_id: PlanId
    invoice_id: InvoiceId
    patient_id: PatientId
    invoice_number: InvoiceNumber
    position: Position
    installments: Annotated[Count, Field(ge=1)]
    """How many the plan has."""
    due_date: DueDate
    on: Day
    """The clinic's calendar day of which this is said."""
    amount: Amount
    """What the installment asks for in all."""
    remaining: Amount
    """What of it is unpaid; above zero."""
    outstanding: Amount
    """What the whole invoice still asks for."""


@event("billing.installment.due_soon.v1", TOPIC)
class InstallmentDueSoon(InstallmentReminder):
    """An installment is due within as many days as the clinic has set; once for each installment (`PLN-4`).

    One that is due or overdue by the time it can be said, as the service was down, is announced as such instead.
    """


@event("billing.installment.due.v1", TOPIC)
class InstallmentDue(InstallmentReminder):
    """An installment is due today; once for each installment (`PLN-4`)."""


@event("billing.installment.overdue.v1", TOPIC)
class InstallmentOverdue(InstallmentReminder):
    """An installment's due date has passed and something of it is unpaid; once for each installment (`PLN-4`)."""


@event("billing.invoice.overdue.v1", TOPIC)
class InvoiceOverdue(Event):
    """An invoice's due date has passed and something is outstanding; once for each invoice (`INV-9`).

    An invoice with a live installment plan is not announced: its installments are.
    """

    invoice_id: InvoiceId
    patient_id: PatientId
    number: InvoiceNumber
    due_date: Day
    """The last day on which it was not overdue."""
    on: Day
    """The clinic's calendar day of which this is said."""
    total: Amount
    """What the invoice was issued over."""
    outstanding: Amount
    """What it still asks for; above zero."""
