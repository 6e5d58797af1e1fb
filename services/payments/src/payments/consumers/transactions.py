"""What payments itself announced, from its events into the books, after its database was restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import Money, minor_of
from contracts.clinics import ClinicConfigured
from contracts.invoicing import InvoiceIssued
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    CreditTransferred,
    InsurerAdjusted,
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
from contracts.payments import Payer as PayerPart

from payments.domain.announced_transaction import AnnouncedShare, AnnouncedTransaction
from payments.domain.movement import CreditChange
from payments.domain.payment import Payment
from payments.domain.remittance import Adjustment
from payments.domain.transaction import CASH_SIGNS, Kind, Payer, PaymentTransaction, Release, TransferSide
from payments.domain.transaction import Transaction as Fact
from payments.persistence import invoices, transactions
from payments.use_cases.record_transactions_again import record_transactions_again

BUILT_UPON = (ClinicConfigured.event_type, InvoiceIssued.event_type)
"""What has to be known for a transaction to be recorded again; what follows it has to be heard after it."""
Announced = Transaction | AllocationReleased | InsurerAdjusted

_KINDS: dict[type[Announced], Kind] = {
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
    CreditTransferred: "credit_transfer_out",
    AllocationReleased: "release",
    InsurerAdjusted: "insurer_withheld",
}
_EVENTS = {one.event_type: one for one in _KINDS}
_UNDONE = ("refund_id", "take_back_id", "application_id", "reverses_id")
_SHARED = """transaction_id patient_id method method_label recorded_at booked_on reason_code external_reference
    group_id""".split()


async def on_announced_transactions(work: Work, announced: Sequence[Message], *, heard: bool) -> set[str]:
    """Record again what was announced as recorded, as far as the books allow it; which messages are in them now.

    What is changed next on an invoice comes after all that was announced of it, known again or lost. A release is none
    any more once documents were `heard`: what they set free was set free anew.
    """
    events = [
        (message, _EVENTS[message.type].model_validate_json(message.data))
        for message in announced
        if message.type in _EVENTS
    ]
    wanted = [(one, event) for one, event in events if not (heard and isinstance(event, AllocationReleased))]
    found = [_announced(event, one.sequence) for one, event in wanted]
    await record_transactions_again(work, [one for one in found if one is not None])
    places: dict[UUID, int] = {}
    for change in (change for _, event in events for change in getattr(event, "settlements", ())):
        places[change.invoice_id] = max(places.get(change.invoice_id, 0), change.place or 0)
    await invoices.keep_places(work.connection, places)
    there = await transactions.find_all(work.connection, [_id(event) for _, event in events])
    return {one.id for one, event in events if _id(event) in there}


def _id(event: Announced) -> UUID:
    if isinstance(event, AllocationReleased):
        return event.release_id
    return event.adjustment_id if isinstance(event, InsurerAdjusted) else event.transaction_id


def _announced(event: Announced, version: int) -> AnnouncedTransaction | None:
    """None of the taking side of a transfer, which is recorded with the giving side."""
    if isinstance(event, InsurerAdjusted):
        return _adjusted(event)
    if isinstance(event, AllocationReleased):
        return AnnouncedTransaction(event.clinic_id, _release(event), _shares(event), _credits(event, 0, None))
    if isinstance(event, CreditTransferred):
        return _transferred(event) if event.direction == "out" else None
    kind = _kind(event)
    payment_id = event.transaction_id if kind == "payment" else getattr(event, "payment_id", None)
    money = CASH_SIGNS.get(kind, 0) * minor_of(event.amount)
    refunded = getattr(event, "refunded_before", None)
    loss = 0 if refunded is None else minor_of(refunded)
    return AnnouncedTransaction(
        event.clinic_id,
        _fact(event, kind, payment_id),
        _shares(event),
        _credits(event, money + loss, payment_id),
        money_minor=money,
        loss_minor=loss,
        payment=_payment(event) if isinstance(event, PaymentRecorded) else None,
        version=version,
    )


def _kind(event: Transaction) -> Kind:
    undone = isinstance(event, AllocationMoved) and event.reverses_id is not None
    return "move_cancellation" if undone else _KINDS[type(event)]


def _shares(event: Transaction | AllocationReleased) -> tuple[AnnouncedShare, ...]:
    return tuple(_share(change) for change in event.settlements)


def _share(change: SettlementChange) -> AnnouncedShare:
    return AnnouncedShare(
        change.invoice_id,
        change.payment_id,
        minor_of(change.change),
        minor_of(change.credited),
        change.installment_id,
        change.place,
    )


def _credits(
    event: Transaction | AllocationReleased, money_minor: int, payment_id: UUID | None
) -> tuple[CreditChange, ...] | None:
    """What it changed in credit; of an older release, where all of it is its own patient's and of payments it names."""
    if event.credit_changes is not None:
        said = event.credit_changes
        return tuple(CreditChange(one.payment_id, one.patient_id, minor_of(one.change)) for one in said)
    if payment_id is not None:
        left = money_minor - sum(minor_of(change.change) for change in event.settlements)
        found = [CreditChange(payment_id, event.patient_id, left)] if left else []
    else:
        found = [
            CreditChange(change.payment_id, event.patient_id, -minor_of(change.change)) for change in event.settlements
        ]
    own = sum(change.change_minor for change in found)
    return tuple(found) if own == minor_of(event.patient_credit_change) else None


def _fact(event: Transaction, kind: Kind, payment_id: UUID | None) -> Fact:
    shared: dict[str, Any] = {name: getattr(event, name) for name in _SHARED} | {
        "kind": kind,
        "amount": _money(event),
        "payer": _payer(event.payer),
        "recorded_by": event.by.subject,
        "reason": event.by.reason,
        "reverses_id": _undone(event, kind, payment_id),
    }
    if isinstance(event, PaymentRecorded):
        shared |= {"received_at": event.received_at, "treatment_plan_id": event.treatment_plan_id}
    return Fact(**shared) if payment_id is None else PaymentTransaction(**shared, payment_id=payment_id)


def _undone(event: Transaction, kind: Kind, payment_id: UUID | None) -> UUID | None:
    if kind in ("cancellation", "chargeback"):
        return payment_id
    return next((undone for name in _UNDONE if (undone := getattr(event, name, None)) is not None), None)


def _transferred(event: CreditTransferred) -> AnnouncedTransaction:
    fact = _fact(event, "credit_transfer_out", None)
    names = {name: getattr(fact, name) for name in Fact.__dataclass_fields__}
    out = TransferSide(**names, linked_id=event.linked_transaction_id)
    into = replace(
        out,
        transaction_id=out.linked_id,
        kind="credit_transfer_in",
        patient_id=event.other_patient_id,
        linked_id=out.transaction_id,
        reverses_id=None,
    )
    said = None if event.credit_changes is None else _credits(event, 0, None)
    return AnnouncedTransaction(event.clinic_id, out, (), said, other=into)


def _release(event: AllocationReleased) -> Release:
    freed = minor_of(event.patient_credit_change)
    return Release(
        transaction_id=event.release_id,
        kind="release",
        patient_id=event.patient_id,
        amount=Money(freed, event.patient_credit_change.currency),
        method="other",
        method_label="patient credit",
        payer=Payer(),
        recorded_at=event.occurred_at,
        booked_on=event.occurred_at.date(),
        recorded_by=event.by.subject,
        reason_code=event.exact_cause or event.cause,
        reason=event.by.reason,
    )


def _adjusted(event: InsurerAdjusted) -> AnnouncedTransaction:
    minor = minor_of(event.amount) if event.direction == "withheld" else -minor_of(event.amount)
    adjustment = Adjustment(Money(minor, event.amount.currency), event.code, event.reference)
    did = adjustment.movement
    fact = PaymentTransaction(
        transaction_id=event.adjustment_id,
        kind=adjustment.kind,
        patient_id=event.clinic_id,
        amount=Money(abs(minor), event.amount.currency),
        method=event.method,
        method_label=None,
        payer=_payer(event.payer),
        recorded_at=event.occurred_at,
        booked_on=event.booked_on,
        recorded_by=event.by.subject,
        payment_id=event.adjustment_id,
        external_reference=event.external_reference,
        reason_code=event.code,
        reason=event.reference,
    )
    return AnnouncedTransaction(
        event.clinic_id,
        fact,
        (),
        (),
        money_minor=did.money_minor,
        withheld_minor=did.withheld_minor,
        interest_minor=did.interest_minor,
    )


def _payment(event: PaymentRecorded) -> Payment:
    return Payment(
        payment_id=event.transaction_id,
        patient_id=event.patient_id,
        amount=_money(event),
        method=event.method,
        method_label=event.method_label,
        payer=_payer(event.payer),
        note=event.note,
        group_id=event.group_id,
        treatment_plan_id=event.treatment_plan_id,
    )


def _money(event: Transaction) -> Money:
    return Money(minor_of(event.amount), event.amount.currency)


def _payer(payer: PayerPart) -> Payer:
    return Payer(payer.kind, payer.payer_id, payer.name)
