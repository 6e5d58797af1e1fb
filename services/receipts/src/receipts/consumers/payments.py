"""Payments, refunds and what undoes them, from their events into receipts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from chassis.messaging.message import Handler
from chassis.money import Money
from contracts.event import Amount
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
    TakeBackCancelled,
)

from contracts import payments
from receipts.consumers.event_mapping import attribute_failures, waited_for
from receipts.domain.receipt import VoidCause, Voided
from receipts.domain.transaction import Kind, NamedSettlement, PlanVersion, Settlement, Transaction, named_settlements
from receipts.persistence import installment_plans
from receipts.use_cases.issue_receipts import issue_receipts
from receipts.use_cases.void_receipts import void_receipts


async def issue(work: Work, messages: Sequence[Message], transactions: Sequence[Transaction]) -> None:
    """Number and freeze a receipt for each; one that refers to something not known yet waits."""
    pairs = zip(transactions, messages, strict=True)
    traces = {one.transaction_id: work.trace_of(message.id) for one, message in pairs}
    with attribute_failures({one.transaction_id: message for one, message in zip(transactions, messages, strict=True)}):
        await issue_receipts(work, transactions, traces, waited_for(messages, transactions))


async def void(
    work: Work,
    messages: Sequence[Message],
    events: Sequence[payments.Transaction],
    undoes: Sequence[UUID],
    cause: VoidCause,
) -> None:
    """Void the receipt of each transaction that was undone."""
    voided = {
        one: Voided(at=event.recorded_at, cause=cause, reason=event.by.reason)
        for one, event in zip(undoes, events, strict=True)
    }
    with attribute_failures(dict(zip(undoes, messages, strict=True))):
        await void_receipts(work, voided)
    await count_named(work, events)


async def count_named(work: Work, events: Sequence[payments.Transaction]) -> None:
    """Count what is settled of the installments that were named, for the next receipt (`RCP-2`)."""
    changed = [(event, event.transaction_id, event.recorded_at) for event in events]
    await installment_plans.count(work.connection, [one for change in changed for one in _named(*change)])


def _named(
    event: payments.Transaction | AllocationReleased, changed_by: UUID, recorded_at: datetime
) -> list[NamedSettlement]:
    settlements = [_settlement(change) for change in event.settlements]
    return named_settlements(event.clinic_id, changed_by, recorded_at, settlements)


def to_transaction(
    event: payments.Transaction,
    kind: Kind,
    *,
    received_at: datetime | None = None,
    refunded_payment_id: UUID | None = None,
    refunded_so_far: Amount | None = None,
) -> Transaction:
    """A payment or refund as the domain knows it."""
    return Transaction(
        transaction_id=event.transaction_id,
        kind=kind,
        clinic_id=event.clinic_id,
        patient_id=event.patient_id,
        amount=Money.of(event.amount),
        payer_kind=event.payer.kind,
        payer_name=event.payer.name,
        method=event.method,
        method_label=event.method_label,
        recorded_at=event.recorded_at,
        received_at=received_at,
        settlements=tuple(_settlement(change) for change in event.settlements),
        credit_change=Money.of(event.patient_credit_change),
        credit_balance=Money.of(event.patient_credit_balance),
        note=event.note if kind == "payment" else None,  # an older release told a refund with its payment's note
        reason=event.by.reason,
        reference=event.external_reference,
        refunded_payment_id=refunded_payment_id,
        refunded_so_far=Money.of(refunded_so_far) if refunded_so_far else None,
    )


def _settlement(change: payments.SettlementChange) -> Settlement:
    return Settlement(
        invoice_id=change.invoice_id,
        invoice_number=change.invoice_number,
        change=Money.of(change.change),
        credited=Money.of(change.credited),
        outstanding=Money.of(change.outstanding),
        installment_id=change.installment_id,
        lines=tuple(line.line_id for line in change.lines),
        line_amounts=tuple(None if line.amount is None else Money.of(line.amount) for line in change.lines),
        place=change.place,
        plan=None if change.plan is None else PlanVersion(change.plan.plan_id, change.plan.version),
    )


async def on_payment_recorded(work: Work, messages: Sequence[Message]) -> None:
    """Receipts for the payments of a batch.

    A payment was recorded: it gets its receipt (`RCP-1`).
    """
    events = [PaymentRecorded.model_validate_json(message.data) for message in messages]
    await issue(work, messages, [to_transaction(event, "payment", received_at=event.received_at) for event in events])


async def on_payment_refunded(work: Work, messages: Sequence[Message]) -> None:
    """Receipts for the refunds of a batch.

    Money was given back: the refund gets its receipt (`RCP-1`).
    """
    events = [PaymentRefunded.model_validate_json(message.data) for message in messages]
    refunds = [
        to_transaction(event, "refund", refunded_payment_id=event.payment_id, refunded_so_far=event.refunded_so_far)
        for event in events
    ]
    await issue(work, messages, refunds)


async def on_payment_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Void the receipts of the payments of a batch.

    A payment recorded by mistake was reversed: its receipt becomes void (`RCP-3`).
    """
    events = [PaymentCancelled.model_validate_json(message.data) for message in messages]
    await void(work, messages, events, [event.payment_id for event in events], "cancellation")


async def on_payment_charged_back(work: Work, messages: Sequence[Message]) -> None:
    """Void the receipts of the payments of a batch.

    The bank took a payment back: its receipt becomes void (`RCP-3`).
    """
    events = [PaymentChargedBack.model_validate_json(message.data) for message in messages]
    await void(work, messages, events, [event.payment_id for event in events], "chargeback")


async def on_refund_cancelled(work: Work, messages: Sequence[Message]) -> None:
    """Void the receipts of the refunds of a batch.

    A refund recorded by mistake was reversed: its receipt becomes void (`RCP-3`).
    """
    events = [RefundCancelled.model_validate_json(message.data) for message in messages]
    await void(work, messages, events, [event.refund_id for event in events], "cancellation")


def counting(event_class: type[payments.Transaction]) -> Handler:
    """Count what the installments of a batch have now: money was settled otherwise, no receipt is made or voided."""

    async def on_event(work: Work, messages: Sequence[Message]) -> None:
        await count_named(work, [event_class.model_validate_json(message.data) for message in messages])

    return on_event


OTHERWISE_SETTLED: dict[str, Handler] = {
    event_class.event_type: counting(event_class)
    for event_class in (
        AllocationMoved,
        CreditApplicationCancelled,
        CreditApplied,
        PaymentTakenBack,
        TakeBackCancelled,
    )
}


async def on_allocation_released(work: Work, messages: Sequence[Message]) -> None:
    """Count what the installments of a batch have now (`PAY-11`).

    What a payment had settled became credit: its receipt stays as it is.
    """
    events = [AllocationReleased.model_validate_json(message.data) for message in messages]
    named = [one for event in events for one in _named(event, event.release_id, event.occurred_at)]
    await installment_plans.count(work.connection, named)
