"""What payments itself announced, from its events into the books, after its database was restored."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import Money, minor_of
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    PaymentTakenBack,
    RefundCancelled,
    SettlementChange,
    TakeBackCancelled,
    Transaction,
)

from payments.domain.announced_payment import AnnouncedPayment, AnnouncedShare
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, PaymentTransaction
from payments.persistence import invoices
from payments.use_cases.record_payments_again import record_payments_again

_EVENTS: dict[str, type[Transaction | AllocationReleased]] = {
    one.event_type: one
    for one in (
        PaymentRecorded,
        PaymentRefunded,
        PaymentCancelled,
        RefundCancelled,
        PaymentChargedBack,
        PaymentTakenBack,
        TakeBackCancelled,
        CreditApplied,
        CreditApplicationCancelled,
        AllocationMoved,
        AllocationReleased,
    )
}


async def on_announced_transactions(work: Work, announced: Sequence[Message]) -> set[str]:
    """Record again what was announced as recorded, as far as the books allow it; which messages are in them now.

    What is changed next on an invoice comes after all that was announced of it, known again or lost.
    """
    events = {one.id: _EVENTS[one.type].model_validate_json(one.data) for one in announced if one.type in _EVENTS}
    recorded = {message_id: event for message_id, event in events.items() if isinstance(event, PaymentRecorded)}
    there = await record_payments_again(work, [_announced(event) for event in recorded.values()])
    places: dict[UUID, int] = {}
    for change in (change for event in events.values() for change in event.settlements):
        places[change.invoice_id] = max(places.get(change.invoice_id, 0), change.place or 0)
    await invoices.keep_places(work.connection, places)
    return {message_id for message_id, event in recorded.items() if event.transaction_id in there}


def _announced(event: PaymentRecorded) -> AnnouncedPayment:
    shares = tuple(_share(change) for change in event.settlements)
    return AnnouncedPayment(event.clinic_id, _payment(event), _transaction(event), shares)


def _share(change: SettlementChange) -> AnnouncedShare:
    return AnnouncedShare(
        change.invoice_id, minor_of(change.change), minor_of(change.credited), change.installment_id, change.place
    )


def _payment(event: PaymentRecorded) -> Payment:
    return Payment(
        payment_id=event.transaction_id,
        patient_id=event.patient_id,
        amount=_amount(event),
        method=event.method,
        method_label=event.method_label,
        payer=_payer(event),
        note=event.note,
        group_id=event.group_id,
        treatment_plan_id=event.treatment_plan_id,
    )


def _transaction(event: PaymentRecorded) -> PaymentTransaction:
    return PaymentTransaction(
        transaction_id=event.transaction_id,
        kind="payment",
        patient_id=event.patient_id,
        amount=_amount(event),
        method=event.method,
        method_label=event.method_label,
        payer=_payer(event),
        recorded_at=event.recorded_at,
        booked_on=event.booked_on,
        recorded_by=event.by.subject,
        payment_id=event.transaction_id,
        received_at=event.received_at,
        reason_code=event.reason_code,
        reason=event.by.reason,
        external_reference=event.external_reference,
        treatment_plan_id=event.treatment_plan_id,
        group_id=event.group_id,
    )


def _amount(event: PaymentRecorded) -> Money:
    return Money(minor_of(event.amount), event.amount.currency)


def _payer(event: PaymentRecorded) -> Payer:
    return Payer(event.payer.kind, event.payer.payer_id, event.payer.name)
