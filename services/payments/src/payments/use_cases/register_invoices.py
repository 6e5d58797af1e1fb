"""Take issued invoices into the projection and the journal; from now on they can be paid."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from payments.domain.invoice_document import InvoiceDocument, IssuedInvoice, line_of
from payments.domain.journal import AccountChange, entries_of_issue
from payments.domain.posting import DocumentPosting
from payments.persistence import documents, invoices, ledger, refundable_lines


async def register_invoices(work: Work, issued: Sequence[IssuedInvoice]) -> None:
    """Register invoices, each once however often it is announced."""
    entered = [_document(one) for one in issued]
    new = await documents.add(work.connection, entered, work.now)
    unique = {one.balance.invoice_id: one for one in issued}.values()
    fresh = [one for one in unique if one.balance.invoice_id in new]
    if not fresh:
        return
    await invoices.add(work.connection, fresh)
    await refundable_lines.add(work.connection, [(one.clinic_id, one.lines) for one in fresh if one.lines])
    work.ring(invoices.BELL)
    lines = [
        line_of(_document(one), one.balance.patient_id, work.now, AccountChange(one.balance.total_minor))
        for one in fresh
    ]
    await ledger.append(work.connection, [_posting(one) for one in fresh], lines)


def _document(one: IssuedInvoice) -> InvoiceDocument:
    balance = one.balance
    return InvoiceDocument(
        clinic_id=one.clinic_id,
        document_id=balance.invoice_id,
        kind="invoice",
        invoice_id=balance.invoice_id,
        patient_id=balance.patient_id,
        number=balance.number,
        total_minor=balance.total_minor,
        issue_date=one.issue_date,
    )


def _posting(one: IssuedInvoice) -> DocumentPosting:
    balance = one.balance
    entries = entries_of_issue(balance.invoice_id, balance.patient_id, one.amount)
    return DocumentPosting(one.clinic_id, balance.invoice_id, one.issue_date, entries)
