"""What invoicing announces of credits above the clinic's limit, which a second person has to approve (`PAY-15`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Actor, Amount, Event, InvoiceId, PatientId, Text, event
from contracts.invoicing import TOPIC


class CreditRequestEvent(Event):
    """A debt is to disappear: by a credit note, a debit note undone, or a void invoice. No debt does by the event."""

    request_id: UUID
    """The request."""
    patient_id: PatientId
    invoice_id: InvoiceId
    """The invoice that is to ask for less."""
    kind: Annotated[Text, Field(max_length=40, examples=["write_off"])]
    """What is asked for, an open list: a credit note's kind (`courtesy`, `price_correction`, `write_off`, `bad_debt`),
    `undo_debit_note` or `void`."""
    amount: Amount
    """By how much the invoice is to ask for less, tax included."""
    by: Actor


@event("billing.invoice.credit_requested.v1", TOPIC)
class CreditRequested(CreditRequestEvent):
    """Somebody asked for a credit above the clinic's limit; it waits for another person's decision."""

    limit: Amount
    """The clinic's limit when it was asked for; all of an invoice, and of a patient's day, count together."""


@event("billing.invoice.credit_approved.v1", TOPIC)
class CreditApproved(CreditRequestEvent):
    """Another person approved it, and it was carried out: `billing.invoice.credited` or `.voided` tells of that."""

    requested_by: Annotated[Text, Field(max_length=200)]
    """Whoever had asked for it; never who approved it."""
    credit_note_id: UUID | None = None
    """The credit note; none where the invoice is void now."""


@event("billing.invoice.credit_rejected.v1", TOPIC)
class CreditRejected(CreditRequestEvent):
    """It will not be made: another person rejected it, or whoever had asked for it withdrew it."""

    requested_by: Annotated[Text, Field(max_length=200)]
    """Whoever had asked for it."""
    outcome: Literal["rejected", "withdrawn"]
    """Which of both."""
