"""What invoicing decides on refunds that wanted another amount credited than is left to credit (`PAY-20`)."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Actor, Amount, Day, Event, InvoiceId, Part, PatientId, event
from contracts.invoicing import TOPIC, InvoiceNumber


class NamedLineDecided(Part):
    """A line that a refund named that it is for, and what is credited of it (`PAY-19`)."""

    line_id: UUID
    """The line, or the debit note."""
    wanted: Amount | None = None
    """How much of it was to go back, tax included; none where all that was left of it was."""
    credited: Amount
    """What is credited of it."""


@event("billing.refund_adjustment.decided.v1", TOPIC)
class RefundAdjustmentDecided(Event):
    """A refund, or its cancellation, wanted another amount credited on an invoice than is credited (`PAY-20`).

    Announced only where they differ: a document crossed the refund, so there is less to credit, in all or of the lines
    that the refund names; nothing else is credited in their stead. What the invoice asks for is higher by `wanted` -
    `credited` than by counting `wanted`. A credit note with `refund_id`, and no such event beside it, is of all that
    was wanted.
    """

    adjustment_id: UUID
    """This decision: one for each transaction and invoice."""
    refund_id: UUID
    """The refund."""
    transaction_id: UUID
    """What was decided on: the refund itself, or its cancellation."""
    invoice_id: InvoiceId
    patient_id: PatientId
    invoice_number: InvoiceNumber
    decided_on: Day
    """Today in the clinic's zone, when it was decided."""
    wanted: Amount
    """What payments counted (`credited` of its settlements, of all the invoice's installments together); below zero
    where a refund was cancelled."""
    credited: Amount
    """What is credited, zero too; below zero where what was credited is undone."""
    lines: Annotated[tuple[NamedLineDecided, ...], Field(max_length=1000)] = ()
    """The lines that the refund named, with what is credited of each."""
    note_id: UUID | None = None
    """The credit note, or the debit note that undoes it; none where nothing is credited or undone."""
    by: Actor
