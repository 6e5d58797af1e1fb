"""PaymentRecorded: the payment stands. Its receipt, when it is issued, is what the patient gets."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from contracts.payments import PaymentRecorded, Transaction

from notifications.consumers.reading import events_of, settled_by
from notifications.persistence import invoices, transactions
from notifications.persistence.transactions import TransactionState


async def handle(work: Work, messages: Sequence[Message]) -> None:
    """Note the payments and what they settled."""
    await note_standing(work, [event for _, event in events_of(PaymentRecorded, messages)])


async def note_standing(work: Work, events: Sequence[Transaction]) -> None:
    """Note transactions that stand, who paid where that is not the patient, and what they settled."""
    states = [
        TransactionState(one.clinic_id, one.transaction_id, one.patient_id, stands=True, payer_name=_payer(one))
        for one in events
    ]
    await transactions.note(work, states)
    await invoices.note(work, [change for event in events for change in settled_by(event)])


def _payer(event: Transaction) -> str | None:
    return event.payer.name if event.payer.kind != "patient" else None
