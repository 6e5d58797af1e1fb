"""PaymentCancelled: the patient is told, and nothing else about that payment goes out any more (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentCancelled, Transaction

from notifications.consumers.reading import events_of, settled_by, taken_back, to_plan
from notifications.domain.notice import Notice
from notifications.persistence import invoices, transactions
from notifications.persistence.transactions import TransactionState
from notifications.use_cases.plan_messages import plan_messages


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note what no longer stands, and plan to tell."""
    events = [(message, event, event.payment_id) for message, event in events_of(PaymentCancelled, messages)]
    await tell_taken_back(work, events, Notice.PAYMENT_CANCELLED)


async def tell_taken_back(work: Work, events: Sequence[tuple[Message, Transaction, UUID]], notice: Notice) -> None:
    """Note that transactions (the third of each) no longer stand and what that changed, and plan to tell."""
    states = [
        TransactionState(event.clinic_id, undone_id, event.patient_id, stands=False) for _, event, undone_id in events
    ]
    await transactions.note(work, states)
    await invoices.note(work, [change for _, event, _ in events for change in settled_by(event)])
    commands = [
        to_plan(work, message, event, event.patient_id, notice, taken_back(event, undone_id))
        for message, event, undone_id in events
    ]
    await plan_messages(work, commands)
