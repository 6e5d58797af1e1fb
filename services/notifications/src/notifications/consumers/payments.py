"""Money that moved: what of it is told, and what invoices ask for since (`NOT-4`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.message import Handler
from contracts.credit_held import CreditHeld
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    CreditTransferred,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    PaymentTakenBack,
    RefundCancelled,
    TakeBackCancelled,
    Transaction,
)

from notifications.consumers.event_mapping import (
    changes_of,
    credit_changes_of,
    events_of,
    invoice_changes_of,
    parts_of,
    reversal_subject,
    to_schedule,
)
from notifications.domain.notice import Notice
from notifications.domain.transaction import TransactionState
from notifications.persistence import credit_parts, invoices, transactions
from notifications.use_cases.schedule_messages import schedule_messages


async def on_payment_recorded(work: Work, messages: Sequence[Message]) -> None:
    """Note the payments and what they settled.

    The payment stands. Its receipt, when it is issued, is what the patient gets.
    """
    await keep_standing(work, [event for _, event in events_of(PaymentRecorded, messages)])


async def keep_standing(work: Work, events: Sequence[Transaction]) -> None:
    """Note transactions that stand, who paid where that is not the patient, and what they settled."""
    states = [
        TransactionState(
            event.clinic_id,
            event.transaction_id,
            event.patient_id,
            stands=True,
            payer_name=_payer(event),
            by_insurer=event.payer.kind == "insurer",
        )
        for event in events
    ]
    await transactions.keep(work, states)
    await add_changes(work, events)


async def add_changes(work: Work, events: Sequence[Transaction]) -> None:
    """Note what transactions changed on invoices, and in what patients have in credit (`NOT-10`)."""
    await invoices.add_changes(work, [change for event in events for change in invoice_changes_of(event)])
    await credit_parts.add_changes(work, [change for event in events for change in credit_changes_of(event)])


def _payer(event: Transaction) -> str | None:
    return event.payer.name if event.payer.kind != "patient" else None


async def on_payment_refunded(work: Work, messages: Sequence[Message]) -> None:
    """Note the refunds and what they took from invoices.

    The refund stands. Its receipt, when it is issued, is what the patient gets.
    """
    await keep_standing(work, [event for _, event in events_of(PaymentRefunded, messages)])


async def on_payment_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Note what no longer stands, and plan to tell.

    The patient is told, and nothing else about that payment goes out any more (`NOT-4`).
    """
    events = [(message, event, event.payment_id) for message, event in events_of(PaymentCancelled, messages)]
    await notify_reversals(work, events, Notice.PAYMENT_CANCELLED)


async def notify_reversals(work: Work, events: Sequence[tuple[Message, Transaction, UUID]], notice: Notice) -> None:
    """Note that transactions (the third of each) no longer stand and what that changed, and plan to tell."""
    states = [
        TransactionState(event.clinic_id, undone_id, event.patient_id, stands=False) for _, event, undone_id in events
    ]
    await transactions.keep(work, states)
    await add_changes(work, [event for _, event, _ in events])
    commands = [
        to_schedule(work, message, event, event.patient_id, notice, reversal_subject(event, undone_id))
        for message, event, undone_id in events
    ]
    await schedule_messages(work, commands)


async def on_payment_charged_back(work: Work, messages: Sequence[Message]) -> None:
    """Note what no longer stands, and plan to tell.

    The bank took it back; the patient is told.
    """
    events = [(message, event, event.payment_id) for message, event in events_of(PaymentChargedBack, messages)]
    await notify_reversals(work, events, Notice.PAYMENT_CHARGED_BACK)


async def on_refund_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Note what no longer stands, and plan to tell.

    Nothing else about that refund goes out; the patient is told where the clinic wants it.
    """
    events = [(message, event, event.refund_id) for message, event in events_of(RefundCancelled, messages)]
    await notify_reversals(work, events, Notice.REFUND_CANCELLED)


def take_back_handler(event_class: type[PaymentTakenBack | TakeBackCancelled]) -> Handler:
    """Note what invoices lost or got back. The patient is told by the next reminder, not of the insurer's money."""

    async def on_event(work: Work, messages: Sequence[Message]) -> None:
        await add_changes(work, [event for _, event in events_of(event_class, messages)])

    return on_event


TAKE_BACKS: dict[str, Handler] = {
    one.event_type: take_back_handler(one) for one in (PaymentTakenBack, TakeBackCancelled)
}


async def on_credit_applied(work: Work, messages: Sequence[Message]) -> None:
    """Note what it settled.

    Patient credit settled invoices.
    """
    await add_changes(work, [event for _, event in events_of(CreditApplied, messages)])


async def on_application_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Note what it no longer settles.

    Credit that settled invoices by mistake is credit again.
    """
    await add_changes(work, [event for _, event in events_of(CreditApplicationCancelled, messages)])


async def on_allocation_moved(work: Work, messages: Sequence[Message]) -> None:
    """Note what left which invoice and came to which.

    What a payment settled on one invoice settles another, or is credit again.
    """
    await add_changes(work, [event for _, event in events_of(AllocationMoved, messages)])


async def on_allocation_released(work: Work, messages: Sequence[Message]) -> None:
    """Note what it released.

    What was settled on an invoice became patient credit.
    """
    events = events_of(AllocationReleased, messages)
    changes = [change for _, event in events for change in changes_of(event.clinic_id, event.settlements)]
    await invoices.add_changes(work, changes)
    await credit_parts.add_changes(work, [change for _, event in events for change in credit_changes_of(event)])


async def on_credit_transferred(work: Work, messages: Sequence[Message]) -> None:
    """Note whose credit it is now: with the side that gave it, as each side says all that it changed.

    Patient credit went to another patient.
    """
    events = [event for _, event in events_of(CreditTransferred, messages) if event.direction == "out"]
    await add_changes(work, events)


async def on_credit_held(work: Work, messages: Sequence[Message]) -> None:
    """Count credit of payments from before from what payments says that the patient holds (`NOT-10`)."""
    await credit_parts.keep_told(
        work, [part for _, event in events_of(CreditHeld, messages) for part in parts_of(event)]
    )
