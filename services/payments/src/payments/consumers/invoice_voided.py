"""An invoice became void: it asks for nothing, and money on its way to it becomes credit."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.invoicing import InvoiceVoided

from payments.consumers.followed import followed
from payments.persistence.documents import InvoiceDocument

_VOIDS = UUID("1f0c9c0e-5a1e-4b7e-9d0a-6f3f0f6a7d11")


async def on_invoice_voided(work: Work, messages: Sequence[Message]) -> None:
    """Follow voids (`INV-8`, `PAY-11`)."""
    await followed(work, [_document(InvoiceVoided.model_validate_json(m.data)) for m in messages])


def _document(event: InvoiceVoided) -> InvoiceDocument:
    return InvoiceDocument(
        clinic_id=event.clinic_id,
        # A void has no id of its own; an invoice has at most one.
        document_id=uuid5(_VOIDS, str(event.invoice_id)),
        kind="void",
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.number,
        total_minor=minor_of(event.total),
        issue_date=event.voided_on,
    )
