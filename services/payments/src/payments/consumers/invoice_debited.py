"""A debit note was issued: the invoice asks for more, unless it follows the cancellation of a refund."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work
from chassis.messaging import Message
from chassis.money import minor_of
from contracts.invoicing import InvoiceDebited

from payments.consumers.followed import followed
from payments.consumers.lines_left import lines_left
from payments.persistence.documents import InvoiceDocument


async def on_invoice_debited(work: Work, messages: Sequence[Message]) -> None:
    """Follow debit notes (`INV-9`, `PAY-5`)."""
    await followed(work, [_document(InvoiceDebited.model_validate_json(m.data)) for m in messages])


def _document(event: InvoiceDebited) -> InvoiceDocument:
    return InvoiceDocument(
        clinic_id=event.clinic_id,
        document_id=event.debit_note_id,
        kind="debit_note",
        invoice_id=event.invoice_id,
        patient_id=event.patient_id,
        number=event.number,
        total_minor=minor_of(event.total),
        tax_minor=minor_of(event.tax),
        cash_rounding_minor=minor_of(event.cash_rounding),
        note_kind=event.purpose or event.kind,
        undoes_id=event.undoes_id,
        issue_date=event.issue_date,
        refund_id=event.refund_id,
        lines_left=lines_left(event),
    )
