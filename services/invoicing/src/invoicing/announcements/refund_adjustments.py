"""What a refund gets credited, where that is not what it wanted: announced so that payments follows (`PAY-20`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from chassis.database import Work
from contracts.event import Actor
from contracts.refund_adjustments import NamedLineDecided, RefundAdjustmentDecided

from invoicing.announcements.wire import amount
from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.invoice import FrozenInvoice
from invoicing.domain.note import Note

_ADJUSTMENTS = UUID("5f0f7f0e-3b0c-4f0e-9b55-0c8f8a2f6b29")


@dataclass(frozen=True, slots=True)
class DecidedAdjustment:
    """What a refund or its cancellation wanted credited on an invoice, and what is; with the note, if there is one."""

    invoice: FrozenInvoice
    clinic: ClinicSettings
    refund_id: UUID
    transaction_id: UUID
    wanted: int
    credited: int
    note: Note | None
    lines: Sequence[tuple[UUID, int | None, int]] = ()
    """The lines that the refund named: what was wanted of each, and what is credited."""


def announce_refund_adjustment_decided(work: Work, decided: DecidedAdjustment) -> None:
    """Less is credited, or undone, than payments counted (`PAY-20`)."""
    invoice = decided.invoice
    currency = invoice.pricing.currency
    # The same transaction and invoice are decided on once, so they name the decision.
    adjustment_id = uuid5(_ADJUSTMENTS, f"{decided.transaction_id}/{invoice.id}")
    event = RefundAdjustmentDecided(
        clinic_id=invoice.clinic_id,
        occurred_at=work.now,
        adjustment_id=adjustment_id,
        refund_id=decided.refund_id,
        transaction_id=decided.transaction_id,
        invoice_id=invoice.id,
        patient_id=invoice.patient_id,
        invoice_number=invoice.number,
        decided_on=decided.clinic.today(work.now),
        wanted=amount(decided.wanted, currency),
        credited=amount(decided.credited, currency),
        lines=tuple(
            NamedLineDecided(
                line_id=line_id,
                wanted=None if wanted is None else amount(wanted, currency),
                credited=amount(credited, currency),
            )
            for line_id, wanted, credited in decided.lines
        ),
        note_id=decided.note.id if decided.note else None,
        by=Actor(subject=work.actor, reason=decided.note.reason if decided.note else "Credited otherwise"),
    )
    work.announce(event, subject=adjustment_id, sequence=1)
