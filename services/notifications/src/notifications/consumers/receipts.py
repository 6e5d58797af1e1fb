"""Receipts: what patients get, and what goes out no more (`NOT-5`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.receipts import ReceiptIssued, ReceiptVoided

from notifications.consumers.event_mapping import events_of, to_schedule
from notifications.domain.message import Subject
from notifications.domain.notice import Document, Notice
from notifications.domain.transaction import ReceiptNumber, TransactionState
from notifications.persistence import transactions
from notifications.use_cases.schedule_messages import schedule_messages

_NOTICES = {"payment": Notice.PAYMENT_RECORDED, "refund": Notice.PAYMENT_REFUNDED}


async def on_receipt_issued(work: Work, messages: Sequence[Message]) -> None:
    """Note the receipts' numbers, and plan to tell.

    The patient gets the receipt of the payment or refund (`NOT-5`), once: a further one of the same transaction, as
    receipts issues them anew after its database was restored, is no news.
    """
    events = events_of(ReceiptIssued, messages)
    numbers = [ReceiptNumber(one.clinic_id, one.transaction_id, one.receipt_id, one.number) for _, one in events]
    first = await transactions.keep_receipt_numbers(work, numbers)
    commands = [
        to_schedule(work, message, event, event.patient_id, _NOTICES[event.kind], _subject(event))
        for message, event in events
        if event.receipt_id in first
    ]
    await schedule_messages(work, commands)


def _subject(event: ReceiptIssued) -> Subject:
    return Subject(
        number=event.number,
        amount_minor=minor_of(event.amount),
        currency=event.amount.currency,
        at=event.recorded_at,
        transaction_id=event.transaction_id,
        document=Document.RECEIPT,
        document_id=event.receipt_id,
    )


async def on_receipt_voided(work: Work, messages: Sequence[Message]) -> None:
    """Note it: a receipt that is void is not mailed (`NOT-4`).

    Says, possibly before payments' own event arrives, that a transaction no longer stands.
    """
    events = events_of(ReceiptVoided, messages)
    states = [TransactionState(one.clinic_id, one.transaction_id, one.patient_id, stands=False) for _, one in events]
    await transactions.keep(work, states)
