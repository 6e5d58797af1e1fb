"""PaymentChargedBack: the bank took it back; the patient is told."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentChargedBack

from notifications.consumers.payment_cancelled import tell_taken_back
from notifications.consumers.reading import events_of
from notifications.domain.notice import Notice


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what no longer stands, and plan to tell."""
    events = [(message, event, event.payment_id) for message, event in events_of(PaymentChargedBack, messages)]
    await tell_taken_back(work, events, Notice.PAYMENT_CHARGED_BACK)
