"""PaymentRefunded: the refund stands. Its receipt, when it is issued, is what the patient gets."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentRefunded

from notifications.consumers.payment_recorded import note_standing
from notifications.consumers.reading import events_of


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note the refunds and what they took from invoices."""
    await note_standing(work, [event for _, event in events_of(PaymentRefunded, messages)])
