"""AdjudicationApplied: insurers decided what is theirs to pay; a reminder asks the patient for the rest (`INS-4`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.adjudications import AdjudicationApplied

from notifications.consumers.reading import events_of
from notifications.persistence import invoices
from notifications.persistence.invoices import InvoiceChange


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what all decisions come to, as of the invoice's version; what is undecided stays with the insurers."""
    await invoices.note(work, [_decided(message, event) for message, event in events_of(AdjudicationApplied, messages)])


def _decided(message: Message, event: AdjudicationApplied) -> InvoiceChange:
    theirs = minor_of(event.shares.paid) + minor_of(event.shares.undecided)
    if event.estimated is not None:
        theirs += minor_of(event.estimated)
    return InvoiceChange(
        event.clinic_id,
        event.invoice_id,
        insurers_decided_minor=theirs,
        insurers_decided_version=message.sequence,
    )
