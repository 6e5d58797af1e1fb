"""Money moved, or was released: what payments' events changed on invoices, all read alike (`INV-9`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.database.numbering import DateBeforeSeries
from chassis.messaging import Message, NotYet, Permanent
from chassis.messaging.message import Handler
from chassis.money import MoneyError, minor_of
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
    SettlementChange,
    TakeBackCancelled,
    Transaction,
)

from invoicing.domain.debit_proposal import DebitProposal
from invoicing.domain.errors import AdjustmentUnknown, InvoicesUnknown
from invoicing.domain.refund_adjustment import Place
from invoicing.domain.settlement import Settlement
from invoicing.persistence import currencies, debit_proposals
from invoicing.use_cases.settle_invoices import settle_invoices

Moved = Transaction | AllocationReleased
KINDS: dict[type[Transaction | AllocationReleased], str] = {
    PaymentRecorded: "payment",
    PaymentRefunded: "refund",
    PaymentCancelled: "cancellation",
    RefundCancelled: "refund_cancellation",
    PaymentChargedBack: "chargeback",
    PaymentTakenBack: "take_back",
    TakeBackCancelled: "take_back_cancellation",
    CreditApplied: "credit_application",
    CreditApplicationCancelled: "application_cancellation",
    AllocationMoved: "allocation_move",
    CreditTransferred: "credit_transfer",
    AllocationReleased: "release",
}


def handler(event_class: type[Transaction | AllocationReleased]) -> Handler:
    """The handler of one of these events."""

    async def on_event(work: Work, messages: Sequence[Message]) -> None:
        await _settle(work, messages, event_class)

    return on_event


TRANSACTION_HANDLERS: dict[str, Handler] = {event_class.event_type: handler(event_class) for event_class in KINDS}


async def _settle(work: Work, messages: Sequence[Message], event_class: type[Transaction | AllocationReleased]) -> None:
    read = [(message, event_class.model_validate_json(message.data)) for message in messages]
    entries = [entry for message, event in read for entry in _entries(message, event)]
    await currencies.note(work.connection, {(event.clinic_id, _currency(event)) for _, event in read})
    try:
        await settle_invoices(work, entries)
    except InvoicesUnknown as unknown:
        at_fault = [
            message
            for message, event in read
            if any((event.clinic_id, settlement.invoice_id) in unknown.invoices for settlement in event.settlements)
        ]
        raise NotYet(str(unknown), at_fault, _reasons(read, unknown)) from unknown
    except (AdjustmentUnknown, DateBeforeSeries) as early:
        raise NotYet(str(early)) from early
    charged_back = [event for _, event in read if isinstance(event, PaymentChargedBack)]
    await debit_proposals.add(work.connection, [one for event in charged_back for one in _proposed(event)])


def _proposed(event: PaymentChargedBack) -> list[DebitProposal]:
    """What had been refunded of it is the clinic's loss, unless a person debits it (`PAY-6`)."""
    if event.refunded_before is None or not (minor := minor_of(event.refunded_before)):
        return []
    reopened = event.settlements[-1].invoice_id if event.settlements else None
    return [
        DebitProposal(
            id=event.transaction_id,
            clinic_id=event.clinic_id,
            payment_id=event.payment_id,
            patient_id=event.patient_id,
            invoice_id=reopened,
            amount_minor=minor,
            currency=event.refunded_before.currency,
            proposed_at=event.occurred_at,
        )
    ]


def _reasons(read: Sequence[tuple[Message, Moved]], unknown: InvoicesUnknown) -> dict[str, str]:
    """Of each message the invoices that it names itself: a batch has several clinics' (`ALL-4`)."""
    reasons: dict[str, str] = {}
    for message, event in read:
        own = {(event.clinic_id, settlement.invoice_id) for settlement in event.settlements} & unknown.invoices
        if own:
            reasons[message.id] = str(InvoicesUnknown(own))
    return reasons


def _entries(message: Message, event: Moved) -> list[Settlement]:
    try:
        return [_entry(message, event, ordinal, one) for ordinal, one in enumerate(event.settlements)]
    except MoneyError as error:
        raise Permanent(f"a settlement is no amount of money: {type(error).__name__}", [message]) from error


def _entry(message: Message, event: Moved, ordinal: int, change: SettlementChange) -> Settlement:
    return Settlement(
        event_id=message.id,
        ordinal=ordinal,
        clinic_id=event.clinic_id,
        invoice_id=change.invoice_id,
        transaction_id=event.release_id if isinstance(event, AllocationReleased) else event.transaction_id,
        payment_id=change.payment_id,
        kind=KINDS[type(event)],
        change=minor_of(change.change),
        credited=minor_of(change.credited),
        occurred_at=event.occurred_at,
        refund_id=event.refund_id if isinstance(event, RefundCancelled) else None,
        installment_id=change.installment_id,
        method=event.method if isinstance(event, Transaction) else None,
        payer_kind=event.payer.kind if isinstance(event, Transaction) else None,
        payer_id=event.payer.payer_id if isinstance(event, Transaction) else None,
        booked_on=event.booked_on if isinstance(event, Transaction) else None,
        by=event.by.subject,
        reason=event.by.reason,
        place=_place(change),
        lines=tuple((line.line_id, None if line.amount is None else minor_of(line.amount)) for line in change.lines),
        named=bool(change.named or change.lines),
    )


def _place(change: SettlementChange) -> Place | None:
    if change.place is None or change.settled_with_refunds is None:
        return None
    return change.place, minor_of(change.settled_with_refunds)


def _currency(event: Moved) -> str:
    """A deposit settles nothing, and is in the clinic's currency all the same (`MON-2`)."""
    return event.amount.currency if isinstance(event, Transaction) else event.patient_credit_change.currency
