"""From a contract's event to what the use cases take, and what the check before sending reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.credit_held import CreditHeld
from contracts.event import Event
from contracts.payments import AllocationReleased, SettlementChange, Transaction

from notifications.domain.credit_part import CreditPart, CreditPartChange
from notifications.domain.invoice_change import InvoiceChange
from notifications.domain.message import Subject
from notifications.domain.notice import Notice
from notifications.use_cases.schedule_messages import ScheduleMessage

E = TypeVar("E", bound=Event)


def events_of(kind: type[E], messages: Sequence[Message]) -> list[tuple[Message, E]]:
    """Each message with its event. Raises pydantic's ValidationError."""
    return [(message, kind.model_validate_json(message.data)) for message in messages]


def to_schedule(
    work: Work, message: Message, event: Event, patient_id: UUID, notice: Notice, subject: Subject
) -> ScheduleMessage:
    """What to tell because of an event; the message that is sent will be part of the event's trace.

    A batch can hold many messages of one patient, each of a trace of its own, so the message itself is asked first.
    """
    trace = message.trace if message.trace.traceparent else work.trace_of(message.key)
    return ScheduleMessage(
        clinic_id=event.clinic_id,
        patient_id=patient_id,
        notice=notice,
        event_id=message.id,
        event_type=message.type,
        occurred_at=event.occurred_at,
        subject=subject,
        traceparent=trace.traceparent,
        tracestate=trace.tracestate,
    )


def invoice_changes_of(event: Transaction) -> list[InvoiceChange]:
    """What a transaction changed on invoices: outstanding changes by -(change) - credited."""
    return changes_of(event.clinic_id, event.settlements, insurers=event.payer.kind == "insurer")


def credit_changes_of(event: Transaction | AllocationReleased) -> list[CreditPartChange]:
    """What it changed in what patients hold as credit; of what older releases announced, nothing is known."""
    return [
        CreditPartChange(event.clinic_id, part.patient_id, part.payment_id, minor_of(part.change))
        for part in event.credit_changes or ()
    ]


def parts_of(event: CreditHeld) -> list[CreditPart]:
    """What the patient holds, by payment."""
    return [
        CreditPart(event.clinic_id, event.patient_id, part.payment_id, minor_of(part.amount)) for part in event.parts
    ]


def changes_of(
    clinic_id: UUID, settlements: Sequence[SettlementChange], *, insurers: bool = False
) -> list[InvoiceChange]:
    """What settlements changed on invoices. The note that goes with `credited` is counted here, not when it comes."""
    return [
        InvoiceChange(
            clinic_id,
            settlement.invoice_id,
            change_minor=-minor_of(settlement.change) - minor_of(settlement.credited),
            installment_id=settlement.installment_id,
            settled_minor=minor_of(settlement.change),
            insurers_paid_minor=minor_of(settlement.change) + minor_of(settlement.credited) if insurers else 0,
        )
        for settlement in settlements
    ]


def reversal_subject(event: Transaction, undone_id: UUID) -> Subject:
    """What a cancellation or chargeback tells: the amount, when, and which invoices ask for money again."""
    return Subject(
        amount_minor=minor_of(event.amount),
        currency=event.amount.currency,
        at=event.recorded_at,
        transaction_id=undone_id,
        reopened=tuple(
            {
                "number": settlement.invoice_number,
                "outstanding_minor": minor_of(settlement.outstanding),
                "reopened_minor": min(-minor_of(settlement.change), minor_of(settlement.outstanding)),
            }
            for settlement in event.settlements
            if minor_of(settlement.change) < 0
        ),
    )
